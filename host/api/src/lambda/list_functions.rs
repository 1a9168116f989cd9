//! ListFunctions.

use runtime::functions::{FunctionCursor, Version};

use super::page::{self, Page};
use super::shape;
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "ListFunctions",
    route: Some("GET /2015-03-31/functions"),
    resource: |_, _| "*".to_owned(),
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::told_in_lower_case(&call.input);
    let with_versions = members.one_of("FunctionVersion", &["ALL"]).is_some();
    members.finish()?;
    let page = Page::read(&call.input)?;
    let after = page.after.as_deref().map(cursor).transpose()?;
    let functions = &call.services.functions;
    let (found, next) = functions.list(after.as_ref(), with_versions, page.max)?;
    let show = |found| match with_versions {
        true => shape::qualified(functions, found),
        false => shape::plain(functions, found),
    };
    let next = next.map(|next| format!("{}:{}", next.name, next.version));
    Ok(page::answer(
        "Functions",
        found.iter().map(show).collect(),
        next,
    ))
}

fn cursor(text: &str) -> Result<FunctionCursor, ApiError> {
    let (name, version) = text.split_once(':').ok_or_else(page::invalid_marker)?;
    let version = Version::parse(version).ok_or_else(page::invalid_marker)?;
    Ok(FunctionCursor {
        name: name.to_owned(),
        version,
    })
}
