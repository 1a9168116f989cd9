//! What a task's signature may be, and what is wrong with one that may not.

use syn::spanned::Spanned;
use syn::{Error, FnArg, ItemFn, ReturnType, Signature, Type};

/// A signature that a task may have.
pub(crate) struct TaskSignature {
    /// The type of the input.
    pub(crate) input: Type,
    /// Whether the function takes the context.
    pub(crate) takes_context: bool,
    /// Where the output's type stands, for the compiler's messages about it.
    pub(crate) output: proc_macro2::Span,
}

const SHAPE: &str = "a task is `fn name(input: Input, ctx: &Context) -> Result<Output, Error>`; \
                     the context may be left out";

/// Checks `function`; all that is wrong comes out at once.
pub(crate) fn check(function: &ItemFn) -> Result<TaskSignature, Error> {
    let signature = &function.sig;
    let mut wrong = Wrong(None);
    check_qualifiers(signature, &mut wrong);
    let mut arguments = signature.inputs.iter();
    let input = match arguments.next() {
        Some(argument) => input(argument, &mut wrong),
        None => {
            wrong.add(
                signature.ident.span(),
                format!("a task takes its input: {SHAPE}"),
            );
            None
        }
    };
    let takes_context = match arguments.next() {
        Some(argument) => {
            context(argument, &mut wrong);
            true
        }
        None => false,
    };
    for argument in arguments {
        wrong.add(
            argument.span(),
            format!("a task takes an input and a context, no more: {SHAPE}"),
        );
    }
    if let ReturnType::Type(_, output) = &signature.output
        && let Type::ImplTrait(_) = &**output
    {
        wrong.add(
            output.span(),
            "a task's output has a name of its own, not `impl`".to_owned(),
        );
    }
    let output = match &signature.output {
        ReturnType::Default => signature.ident.span(),
        ReturnType::Type(_, output) => output.span(),
    };
    match (wrong.0, input) {
        (None, Some(input)) => Ok(TaskSignature {
            input,
            takes_context,
            output,
        }),
        (Some(error), _) => Err(error),
        (None, None) => Err(Error::new(signature.span(), SHAPE)),
    }
}

struct Wrong(Option<Error>);

impl Wrong {
    fn add(&mut self, span: proc_macro2::Span, message: String) {
        let error = Error::new(span, message);
        match &mut self.0 {
            Some(all) => all.combine(error),
            none => *none = Some(error),
        }
    }
}

fn check_qualifiers(signature: &Signature, wrong: &mut Wrong) {
    if let Some(token) = &signature.asyncness {
        let why = "a task is not async: nothing runs beside it in its instance";
        wrong.add(token.span, why.to_owned());
    }
    if let Some(token) = &signature.unsafety {
        wrong.add(token.span, "a task is a safe function".to_owned());
    }
    if let Some(abi) = &signature.abi {
        wrong.add(
            abi.span(),
            "a task is a plain Rust function; the macro exports it".to_owned(),
        );
    }
    if !signature.generics.params.is_empty() {
        let why = "a task is not generic: its input and output are types that serde knows";
        wrong.add(signature.generics.span(), why.to_owned());
    }
    if let Some(variadic) = &signature.variadic {
        wrong.add(variadic.span(), SHAPE.to_owned());
    }
}

fn input(argument: &FnArg, wrong: &mut Wrong) -> Option<Type> {
    let FnArg::Typed(argument) = argument else {
        wrong.add(
            argument.span(),
            "a task is a free function, not a method".to_owned(),
        );
        return None;
    };
    match &*argument.ty {
        Type::Reference(reference) if names_context(&reference.elem) => {
            wrong.add(
                argument.ty.span(),
                format!("the input comes before the context: {SHAPE}"),
            );
            None
        }
        Type::Reference(_) => {
            let why = "a task owns its input: take `String` for `&str`, `Input` for `&Input`";
            wrong.add(argument.ty.span(), why.to_owned());
            None
        }
        Type::ImplTrait(_) => {
            wrong.add(
                argument.ty.span(),
                "a task's input is a type, not `impl`".to_owned(),
            );
            None
        }
        other => Some(other.clone()),
    }
}

fn context(argument: &FnArg, wrong: &mut Wrong) {
    let FnArg::Typed(argument) = argument else {
        return;
    };
    let fits = match &*argument.ty {
        Type::Reference(reference) => reference.mutability.is_none(),
        _ => false,
    };
    if !fits {
        let why = "the second argument of a task is its context: write `ctx: &Context`";
        wrong.add(argument.ty.span(), why.to_owned());
    }
}

fn names_context(named: &Type) -> bool {
    match named {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == "Context"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(function: &str) -> Vec<String> {
        let function = syn::parse_str(function).unwrap();
        match check(&function) {
            Ok(_) => Vec::new(),
            Err(error) => error.into_iter().map(|error| error.to_string()).collect(),
        }
    }

    #[test]
    fn a_task_takes_an_input_and_maybe_a_context() {
        assert!(errors("fn t(order: Order) -> Out {}").is_empty());
        assert!(errors("fn t(order: Order, ctx: &Context) -> Result<Out, E> {}").is_empty());
        assert!(errors("pub fn t((a, b): (u8, u8), _: &stepwell_task::Context) {}").is_empty());
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let errors = errors("async unsafe fn t<T>(self, ctx: Context, more: u8) -> impl Sized {}");
        assert_eq!(errors.len(), 7, "{errors:#?}");
    }

    #[test]
    fn each_mistake_gets_its_own_advice() {
        for (function, advice) in [
            ("fn t() {}", "takes its input"),
            ("fn t(input: &str) {}", "owns its input"),
            ("fn t(ctx: &Context) {}", "comes before the context"),
            ("fn t(input: impl Sized) {}", "not `impl`"),
            (
                "fn t(input: u8, ctx: &mut Context) {}",
                "write `ctx: &Context`",
            ),
            ("fn t(input: u8, ctx: &Context, more: u8) {}", "no more"),
            ("async fn t(input: u8) {}", "not async"),
            ("extern \"C\" fn t(input: u8) {}", "plain Rust function"),
        ] {
            let errors = errors(function);
            assert_eq!(errors.len(), 1, "{function}: {errors:?}");
            assert!(errors[0].contains(advice), "{function}: {errors:?}");
        }
    }
}
