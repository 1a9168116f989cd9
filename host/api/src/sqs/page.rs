//! Pages of lists of queues: `MaxResults` and `NextToken`.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::answer::url;
use super::input::{invalid, number, text};
use crate::error::ApiError;
use crate::limits::QUEUES_PER_PAGE_MAX;
use crate::operation::Call;

/// Which page is asked for.
pub(super) struct Page {
    /// The last name of the page before.
    pub(super) after: Option<String>,
    /// How many names, at the most.
    pub(super) max: usize,
    /// Whether a token for the next page is wanted: only who gives `MaxResults` knows of pages.
    paged: bool,
}

impl Page {
    pub(super) fn of(input: &Value) -> Result<Page, ApiError> {
        let reason = "MaxResults must be an integer between 1 and 1000.";
        let bounds = (1, u64::try_from(QUEUES_PER_PAGE_MAX).unwrap_or(u64::MAX));
        let max = number(input, "MaxResults", bounds, reason)?;
        let after = match text(input, "NextToken")? {
            None => None,
            Some(token) => {
                let name = STANDARD.decode(token).ok();
                let name = name.and_then(|name| String::from_utf8(name).ok());
                Some(name.ok_or_else(|| invalid(token, "NextToken", "Invalid or expired token."))?)
            }
        };
        Ok(Page {
            after,
            max: max
                .and_then(|max| usize::try_from(max).ok())
                .unwrap_or(QUEUES_PER_PAGE_MAX),
            paged: max.is_some(),
        })
    }

    /// How many names to ask the queues for: one more tells whether there is a next page.
    pub(super) fn ask(&self) -> usize {
        self.max.saturating_add(1)
    }

    /// The answer, with the URLs under this name.
    pub(super) fn answer(&self, call: &Call, member: &str, mut names: Vec<Arc<str>>) -> Value {
        let more = names.len() > self.max;
        names.truncate(self.max);
        let mut answer = Map::new();
        if more
            && self.paged
            && let Some(last) = names.last()
        {
            answer.insert("NextToken".into(), STANDARD.encode(&**last).into());
        }
        let urls: Vec<Value> = names.iter().map(|name| url(call, name).into()).collect();
        if !urls.is_empty() {
            answer.insert(member.into(), urls.into());
        }
        answer.into()
    }
}
