//! `#[task]`: the function as it was, a closure from bytes to bytes around it, and, in a component
//! only, the export.
//!
//! The export cannot exist natively: the test build of a `cdylib` fails to link the names that the
//! component model uses. The closure exists everywhere, so that a wrong type is found by
//! `cargo check` and not first by the component's build.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, ItemFn};

use crate::signature::{self, TaskSignature};

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> Result<TokenStream, Error> {
    if !arguments.is_empty() {
        return Err(Error::new(arguments.span(), "`#[task]` takes no arguments"));
    }
    let function: ItemFn = syn::parse2(item.clone()).map_err(|error| {
        Error::new(
            error.span(),
            format!("`#[task]` is for a function: {error}"),
        )
    })?;
    let signature = match signature::check(&function) {
        Ok(signature) => signature,
        Err(error) => {
            // With the function still there, the compiler does not also complain of its callers.
            let error = error.into_compile_error();
            return Ok(quote!(#error #function));
        }
    };
    let serve = serve(&function, &signature);
    Ok(quote! {
        #function

        const _: () = {
            #[cfg_attr(not(target_family = "wasm"), allow(dead_code))]
            fn __stepwell_serve(
                __input: &[u8],
                __context: &::stepwell_task::Context,
            ) -> ::std::result::Result<::std::vec::Vec<u8>, ::stepwell_task::ErrorOutput> {
                #serve
            }

            #[cfg(target_family = "wasm")]
            struct Export;

            #[cfg(target_family = "wasm")]
            impl ::stepwell_task::__private::Guest for Export {
                fn handle(
                    input: ::std::vec::Vec<u8>,
                ) -> ::std::result::Result<::std::vec::Vec<u8>, ::stepwell_task::__private::TaskError>
                {
                    ::stepwell_task::__private::export(|context| __stepwell_serve(&input, context))
                }
            }

            #[cfg(target_family = "wasm")]
            ::stepwell_task::__private::bindings::export_task!(
                Export with_types_in ::stepwell_task::__private::bindings
            );
        };
    })
}

/// The body from bytes to bytes. Its names are such that no function of a task has them. What the compiler says of the input's or the output's type, it says
/// at that type.
fn serve(function: &ItemFn, signature: &TaskSignature) -> TokenStream {
    let name = &function.sig.ident;
    let input = &signature.input;
    let call = if signature.takes_context {
        quote!(#name(__input, __context))
    } else {
        quote!(#name(__input))
    };
    let at = signature.output.resolved_at(Span::call_site());
    let task = quote_spanned! {at=>
        |__input: #input, __context: &::stepwell_task::Context| {
            let _ = __context;
            ::stepwell_task::__private::Returned(#call).settle()
        }
    };
    quote_spanned! {at=>
        #[allow(unused_imports)]
        use ::stepwell_task::__private::Settle as _;
        ::stepwell_task::__private::serve(__input, __context, #task)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(arguments: &str, item: &str) -> Result<String, Error> {
        let tokens = expand(arguments.parse().unwrap(), item.parse().unwrap())?;
        Ok(tokens.to_string())
    }

    #[test]
    fn the_function_stays_as_it_was() {
        let item = "fn t (input : u8) -> u8 { input }";
        assert!(expanded("", item).unwrap().starts_with(item));
    }

    #[test]
    fn every_part_of_the_export_is_for_wasm_only() {
        let text = expanded("", "fn t(input: u8, ctx: &Context) -> Out {}").unwrap();
        let gated = text.matches("# [cfg (target_family = \"wasm\")]").count();
        assert_eq!(gated, 3, "{text}");
        assert!(text.contains("t (__input , __context)"), "{text}");
        assert!(syn::parse_str::<syn::File>(&text).is_ok());
    }

    #[test]
    fn the_context_is_passed_only_to_a_function_that_takes_it() {
        let text = expanded("", "fn t(input: u8) {}").unwrap();
        assert!(text.contains("t (__input)"), "{text}");
    }

    #[test]
    fn a_wrong_signature_gives_its_message_and_keeps_the_function() {
        let text = expanded("", "fn t() {}").unwrap();
        assert!(
            text.contains("compile_error") && text.contains("fn t () { }"),
            "{text}"
        );
    }

    #[test]
    fn arguments_and_other_items_are_refused() {
        let error = expanded("stack = 1", "fn t(input: u8) {}").unwrap_err();
        assert_eq!(error.to_string(), "`#[task]` takes no arguments");
        let error = expanded("", "struct T;").unwrap_err();
        assert!(
            error.to_string().starts_with("`#[task]` is for a function"),
            "{error}"
        );
    }
}
