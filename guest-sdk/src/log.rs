//! Log lines: a level, a text, and fields that stay data.
//!
//! ```
//! let sku = "kettle";
//! stepwell_task::info!("reserving {sku}");
//! stepwell_task::warn!("low stock of {}", sku; level = 2, sku = sku);
//! ```

use serde_json::{Map, Value};

use crate::platform;

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Every step.
    Trace,
    /// For whoever looks for a fault.
    Debug,
    /// For whoever follows the execution.
    Info,
    /// Should not be so; the task goes on.
    Warn,
    /// Went wrong.
    Error,
}

/// Writes a line without a context at hand; the macros come here. `fields` may be empty. The host
/// keeps a bounded number of lines and bytes per attempt and counts the rest.
pub fn write(level: Level, message: &str, fields: &Map<String, Value>) {
    platform::log(level, message, &fields_text(fields));
}

/// Fields as the task world wants them: the text of an object, or nothing.
pub(crate) fn fields_text(fields: &Map<String, Value>) -> String {
    if fields.is_empty() {
        return String::new();
    }
    serde_json::to_string(fields).unwrap_or_default()
}

/// Writes a line at a level: `log!(Level::Info, "text {}", x; key = value, …)`.
#[macro_export]
macro_rules! log {
    ($level:expr, $format:literal $(, $argument:expr)* $(,)?) => {
        $crate::log::write(
            $level,
            &::std::format!($format $(, $argument)*),
            &$crate::__private::serde_json::Map::new(),
        )
    };
    ($level:expr, $format:literal $(, $argument:expr)* ; $($key:ident = $value:expr),+ $(,)?) => {{
        let mut fields = $crate::__private::serde_json::Map::new();
        $(fields.insert(
            ::std::string::String::from(::std::stringify!($key)),
            $crate::__private::serde_json::json!($value),
        );)+
        $crate::log::write($level, &::std::format!($format $(, $argument)*), &fields)
    }};
}

/// Writes a line for whoever follows every step; see [`log`](mod@crate::log).
#[macro_export]
macro_rules! trace {
    ($($line:tt)+) => { $crate::log!($crate::log::Level::Trace, $($line)+) };
}

/// Writes a line for whoever looks for a fault; see [`log`](mod@crate::log).
#[macro_export]
macro_rules! debug {
    ($($line:tt)+) => { $crate::log!($crate::log::Level::Debug, $($line)+) };
}

/// Writes a line for whoever follows the execution; see [`log`](mod@crate::log).
#[macro_export]
macro_rules! info {
    ($($line:tt)+) => { $crate::log!($crate::log::Level::Info, $($line)+) };
}

/// Writes a line about something that should not be so; see [`log`](mod@crate::log).
#[macro_export]
macro_rules! warn {
    ($($line:tt)+) => { $crate::log!($crate::log::Level::Warn, $($line)+) };
}

/// Writes a line about something that went wrong; see [`log`](mod@crate::log).
#[macro_export]
macro_rules! error {
    ($($line:tt)+) => { $crate::log!($crate::log::Level::Error, $($line)+) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_an_object_or_nothing() {
        assert_eq!(fields_text(&Map::new()), "");
        let fields = Map::from_iter([("sku".to_owned(), Value::from("kettle"))]);
        assert_eq!(fields_text(&fields), r#"{"sku":"kettle"}"#);
    }

    #[test]
    fn the_macros_take_text_arguments_and_fields() {
        let sku = "kettle";
        crate::trace!("text");
        crate::debug!("text {sku}");
        crate::info!("text {}", sku,);
        crate::warn!("text {}", sku; sku = sku, level = 3);
        crate::error!("text"; reasons = ["a", "b"],);
    }
}
