//! The macros of the task SDK: `#[task]` and `#[derive(TaskError)]`.
//!
//! The idea: a macro checks what it is given, says what is wrong at the token that is wrong, and
//! then writes as little as it can; everything else is ordinary code in `stepwell-task`, which also
//! has the examples: its re-exports are what tasks name.

mod signature;
mod task;
mod task_error;

use proc_macro::TokenStream;

/// Makes a function the task of its crate.
///
/// The first argument is the input (anything that serde deserialises and that owns its data), the
/// second, if there is one, is `&Context`. The function returns what serde serialises, or a `Result`
/// of it whose error is a `TaskError`. It stays a plain function, which tests call natively; a
/// component exports it as `stepwell:task/handler`. One task per crate.
#[proc_macro_attribute]
pub fn task(arguments: TokenStream, item: TokenStream) -> TokenStream {
    task::expand(arguments.into(), item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Says how an enum or a struct fails: a variant's name (or the struct's) is the error's name, its
/// `Display` the cause.
///
/// - `#[task_error(name = "…")]` on a variant or a struct gives another name.
/// - `#[task_error(message = "…")]` on them gives the message, with the fields by name, or by number
///   where they have none (`{sku}`, `{0}`). Then `Display` and `std::error::Error` are written too,
///   and every variant needs a message.
#[proc_macro_derive(TaskError, attributes(task_error))]
pub fn task_error(item: TokenStream) -> TokenStream {
    task_error::expand(item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
