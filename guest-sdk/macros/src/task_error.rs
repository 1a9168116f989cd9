//! `#[derive(TaskError)]`: names and messages of a task's errors.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Error, Fields, Ident, LitStr};

/// As the task world says it; a longer name would be cut.
const NAME_BYTES_MAX: usize = 256;

/// One way to fail: a variant, or the struct itself.
struct Way<'a> {
    ident: &'a Ident,
    fields: &'a Fields,
    name: String,
    message: Option<LitStr>,
}

pub(crate) fn expand(item: TokenStream) -> Result<TokenStream, Error> {
    let item: DeriveInput = syn::parse2(item)?;
    let ways = ways(&item)?;
    let is_enum = matches!(item.data, Data::Enum(_));
    let path = |way: &Way<'_>| {
        let ident = way.ident;
        if is_enum {
            quote!(Self::#ident)
        } else {
            quote!(Self)
        }
    };
    let names = ways.iter().map(|way| {
        let (path, name) = (path(way), &way.name);
        quote!(#path { .. } => #name)
    });
    let (generics, arguments, bounds) = item.generics.split_for_impl();
    let ident = &item.ident;
    let body = if ways.is_empty() {
        quote!(match *self {})
    } else {
        quote!(match self { #(#names,)* })
    };
    let display = display(&item, &ways, path)?;
    Ok(quote! {
        #[automatically_derived]
        impl #generics ::stepwell_task::TaskError for #ident #arguments #bounds {
            fn name(&self) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(#body)
            }

            fn cause(&self) -> ::std::string::String {
                ::std::string::ToString::to_string(self)
            }
        }

        #display
    })
}

fn ways(item: &DeriveInput) -> Result<Vec<Way<'_>>, Error> {
    match &item.data {
        Data::Enum(data) => {
            if let Some(attribute) = item
                .attrs
                .iter()
                .find(|one| one.path().is_ident("task_error"))
            {
                return Err(Error::new(
                    attribute.span(),
                    "`task_error` belongs on the variants",
                ));
            }
            let variants = data.variants.iter();
            variants
                .map(|variant| way(&variant.ident, &variant.fields, &variant.attrs))
                .collect()
        }
        Data::Struct(data) => Ok(vec![way(&item.ident, &data.fields, &item.attrs)?]),
        Data::Union(data) => Err(Error::new(
            data.union_token.span,
            "a task error is an enum or a struct",
        )),
    }
}

fn way<'a>(
    ident: &'a Ident,
    fields: &'a Fields,
    attributes: &[Attribute],
) -> Result<Way<'a>, Error> {
    let mut way = Way {
        ident,
        fields,
        name: ident.to_string(),
        message: None,
    };
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("task_error"))
    {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("name") {
                let name: LitStr = meta.value()?.parse()?;
                way.name = name.value();
                check_name(&name)
            } else if meta.path.is_ident("message") {
                way.message = Some(meta.value()?.parse()?);
                Ok(())
            } else {
                Err(meta.error("`task_error` knows `name = \"…\"` and `message = \"…\"`"))
            }
        })?;
    }
    Ok(way)
}

fn check_name(name: &LitStr) -> Result<(), Error> {
    let text = name.value();
    if text.starts_with("States.") {
        return Err(Error::new(
            name.span(),
            "names that begin with `States.` are the host's own",
        ));
    }
    if text.is_empty() || text.len() > NAME_BYTES_MAX {
        let why = format!("an error's name has 1 to {NAME_BYTES_MAX} bytes");
        return Err(Error::new(name.span(), why));
    }
    Ok(())
}

/// `Display` and `std::error::Error`, if the ways have messages: all of them, or none.
fn display(
    item: &DeriveInput,
    ways: &[Way<'_>],
    path: impl Fn(&Way<'_>) -> TokenStream,
) -> Result<TokenStream, Error> {
    if ways.iter().all(|way| way.message.is_none()) {
        return Ok(TokenStream::new());
    }
    let mut arms = Vec::new();
    for way in ways {
        let Some(message) = &way.message else {
            let why = "another variant has a message, so this one needs one too: \
                       `#[task_error(message = \"…\")]`";
            return Err(Error::new(way.ident.span(), why));
        };
        let (path, pattern) = (path(way), pattern(way.fields));
        let message = LitStr::new(&numbers_to_names(&message.value()), message.span());
        arms.push(quote!(#path #pattern => ::std::write!(__f, #message)));
    }
    let (generics, arguments, bounds) = item.generics.split_for_impl();
    let ident = &item.ident;
    Ok(quote! {
        #[automatically_derived]
        impl #generics ::std::fmt::Display for #ident #arguments #bounds {
            #[allow(unused_variables)]
            fn fmt(&self, __f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self { #(#arms,)* }
            }
        }

        #[automatically_derived]
        impl #generics ::std::error::Error for #ident #arguments #bounds {}
    })
}

/// Binds every field under the name that a message has for it.
fn pattern(fields: &Fields) -> TokenStream {
    match fields {
        Fields::Unit => quote!({}),
        Fields::Named(fields) => {
            let names = fields.named.iter().map(|field| &field.ident);
            quote!({ #(#names),* })
        }
        Fields::Unnamed(fields) => {
            let names = (0..fields.unnamed.len()).map(|index| format_ident!("_{index}"));
            quote!(( #(#names),* ))
        }
    }
}

/// `{0:?}` → `{_0:?}`, for fields that have no names. `{{` stays.
fn numbers_to_names(message: &str) -> String {
    let mut text = String::with_capacity(message.len());
    let mut open = false;
    for letter in message.chars() {
        if open && letter.is_ascii_digit() {
            text.push('_');
        }
        open = letter == '{' && !open;
        text.push(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(item: &str) -> Result<String, String> {
        match expand(item.parse().unwrap()) {
            Ok(tokens) => {
                let text = tokens.to_string();
                assert!(syn::parse_str::<syn::File>(&text).is_ok(), "{text}");
                Ok(text)
            }
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn a_variant_is_named_by_itself_or_by_its_attribute() {
        let text = expanded(r#"enum E { A, #[task_error(name = "x.B")] B { b: u8 } }"#).unwrap();
        assert!(text.contains(r#"Self :: A { .. } => "A""#), "{text}");
        assert!(text.contains(r#"Self :: B { .. } => "x.B""#), "{text}");
        assert!(!text.contains("Display"), "{text}");
    }

    #[test]
    fn messages_make_display_and_error() {
        let text = expanded(r#"#[task_error(message = "no {0}, {{0}}")] struct E(u8);"#).unwrap();
        assert!(text.contains(r#""no {_0}, {{0}}""#), "{text}");
        assert!(text.contains(":: std :: error :: Error for E"), "{text}");
    }

    #[test]
    fn one_message_asks_for_all() {
        let error = expanded(r#"enum E { #[task_error(message = "a")] A, B }"#).unwrap_err();
        assert!(
            error.starts_with("another variant has a message"),
            "{error}"
        );
    }

    #[test]
    fn names_that_the_host_would_refuse_are_refused() {
        for name in ["States.Timeout", "", &"n".repeat(NAME_BYTES_MAX + 1)] {
            let item = format!("enum E {{ #[task_error(name = {name:?})] A }}");
            assert!(expanded(&item).is_err(), "{name}");
        }
        let name = "n".repeat(NAME_BYTES_MAX);
        assert!(expanded(&format!("enum E {{ #[task_error(name = {name:?})] A }}")).is_ok());
    }

    #[test]
    fn unknown_attributes_and_misplaced_ones_are_refused() {
        assert!(expanded(r#"enum E { #[task_error(nam = "x")] A }"#).is_err());
        assert!(expanded(r#"#[task_error(name = "x")] enum E { A }"#).is_err());
        assert!(expanded("union E { a: u8 }").is_err());
    }

    #[test]
    fn an_enum_without_variants_is_an_error_that_never_is() {
        assert!(expanded("enum E {}").unwrap().contains("match * self { }"));
    }
}
