//! Pages of lists: `maxResults` and `nextToken` of the request, and of the answer.

use engine::Timestamp;
use serde_json::{Map, Value};

use super::page_token::Scope;
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::{PAGE_SIZE, PAGE_SIZE_MAX, PAGE_TOKEN_CHARS_MAX};
use crate::operation::Reply;

/// Which page is asked for.
pub(super) struct Asked<'a> {
    size: usize,
    token: Option<&'a str>,
}

/// The page that is asked for.
pub(super) struct Page {
    scope: Scope,
    size: usize,
    now: Timestamp,
    /// Where the page before it ended; `None`: it is the first one.
    pub(super) after: Option<String>,
}

impl<'a> Asked<'a> {
    /// Reads `maxResults`, where 0 is as good as absent, and `nextToken`.
    pub(super) fn read(members: &mut Members<'a>) -> Asked<'a> {
        let size = members.number("maxResults", 0, PAGE_SIZE_MAX);
        let size = size.filter(|size| *size > 0).unwrap_or(PAGE_SIZE);
        Asked {
            size: usize::try_from(size).unwrap_or(0),
            token: members.sized_text("nextToken", 1, PAGE_TOKEN_CHARS_MAX),
        }
    }

    /// The page, of a list with these arguments.
    ///
    /// # Errors
    /// `InvalidToken`.
    pub(super) fn page(&self, scope: Scope, now: Timestamp) -> Result<Page, ApiError> {
        let after = match self.token {
            Some(token) => Some(scope.place(token, now)?),
            None => None,
        };
        Ok(Page {
            scope,
            size: self.size,
            now,
            after,
        })
    }
}

impl Page {
    /// How many entries to read: one more than are shown, to know whether there are more.
    pub(super) fn rows(&self) -> usize {
        self.size + 1
    }

    /// Cuts what was read to the page; gives the token of the next one if there is one, which begins
    /// after the last entry's `place`.
    pub(super) fn cut<T>(&self, rows: &mut Vec<T>, place: impl Fn(&T) -> String) -> Option<String> {
        if rows.len() <= self.size {
            return None;
        }
        rows.truncate(self.size);
        let last = rows.last()?;
        Some(self.scope.token(&place(last), self.now))
    }
}

/// The answer of a list: its entries, and the token of the next page if there is one.
pub(super) fn listed(member: &str, entries: Vec<Value>, next_token: Option<String>) -> Reply {
    let mut answer = Map::new();
    answer.insert(member.to_owned(), entries.into());
    if let Some(token) = next_token {
        answer.insert("nextToken".to_owned(), token.into());
    }
    Value::Object(answer).into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000_000);

    fn page(input: &serde_json::Value) -> Result<Page, ApiError> {
        let mut members = Members::of(input);
        let asked = Asked::read(&mut members);
        members.finish()?;
        asked.page(Scope::of("ListThings"), NOW)
    }

    #[test]
    fn a_token_is_given_only_when_there_is_more() {
        let first = page(&json!({ "maxResults": 2 })).unwrap();
        let mut rows = vec!["a", "b", "c"];
        let token = first.cut(&mut rows, |row| (*row).to_owned());
        assert_eq!(rows, ["a", "b"]);
        let second = page(&json!({ "maxResults": 2, "nextToken": token })).unwrap();
        assert_eq!(second.after.as_deref(), Some("b"));
        let mut rows = vec!["c", "d"];
        assert_eq!(second.cut(&mut rows, |row| (*row).to_owned()), None);
        assert_eq!(rows, ["c", "d"]);
    }

    #[test]
    fn no_number_and_0_are_100_and_1000_is_the_most() {
        assert_eq!(page(&json!({})).unwrap().rows(), 101);
        assert_eq!(page(&json!({ "maxResults": 0 })).unwrap().rows(), 101);
        assert_eq!(page(&json!({ "maxResults": 1_000 })).unwrap().rows(), 1_001);
        for refused in [json!({ "maxResults": 1_001 }), json!({ "maxResults": -1 })] {
            assert_eq!(page(&refused).err().unwrap().code, "ValidationException");
        }
        let garbage = page(&json!({ "nextToken": "InvalidToken" })).err().unwrap();
        assert_eq!(garbage.message, "Invalid Token: 'Invalid token'");
    }
}
