//! Functions on texts, with a look at how long the result will be before it is made.

use std::collections::BTreeMap;
use std::fmt;

use jsonata_core::value::JValue;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::functions::{Answer, fail, first, mismatch};
use super::meter::Meter;

/// `$pad(text, width[, characters])`
pub(super) fn pad(args: &[JValue], meter: &Meter) -> Answer {
    let text = match first(args) {
        JValue::Undefined => return Ok(JValue::Undefined),
        JValue::String(text) => text,
        _ => return mismatch(1, "pad"),
    };
    let width = match args.get(1) {
        Some(JValue::Number(width)) => width.trunc(),
        _ => return mismatch(2, "pad"),
    };
    let fill = match args.get(2) {
        None | Some(JValue::Undefined) => " ",
        Some(JValue::String(fill)) if fill.is_empty() => " ",
        Some(JValue::String(fill)) => fill,
        Some(_) => return mismatch(3, "pad"),
    };
    if args.len() > 3 {
        return mismatch(4, "pad");
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "float to integer casts saturate"
    )]
    let wanted = width.abs() as usize;
    let missing = wanted.saturating_sub(text.chars().count());
    meter.charge_text(missing.saturating_mul(4).saturating_add(text.len()))?;
    let padding: String = fill.chars().cycle().take(missing).collect();
    Ok(JValue::from(match width < 0.0 {
        true => format!("{padding}{text}"),
        false => format!("{text}{padding}"),
    }))
}

/// `$join(texts[, separator])`
pub(super) fn join(args: &[JValue], meter: &Meter) -> Answer {
    let separator = match args.get(1) {
        None | Some(JValue::Undefined) => "",
        Some(JValue::String(separator)) => separator,
        Some(_) => return mismatch(2, "join"),
    };
    if args.len() > 2 {
        return mismatch(3, "join");
    }
    let items = match first(args) {
        JValue::Undefined if !args.is_empty() => return Ok(JValue::Undefined),
        JValue::Array(items) => &items[..],
        JValue::String(_) => std::slice::from_ref(first(args)),
        _ => return no_texts(),
    };
    let mut texts = Vec::with_capacity(items.len());
    let mut bytes = separator.len().saturating_mul(items.len());
    for item in items {
        let Some(text) = item.as_str() else {
            return no_texts();
        };
        bytes = bytes.saturating_add(text.len());
        texts.push(text);
    }
    meter.charge_text(bytes)?;
    Ok(JValue::from(texts.join(separator)))
}

fn no_texts() -> Answer {
    fail("T0412: Argument 1 of function \"join\" must be an array of \"string\"")
}

/// `$parse(text)`: strict JSON.
pub(super) fn parse(args: &[JValue], meter: &Meter) -> Answer {
    let text = match first(args) {
        JValue::Undefined => return Ok(JValue::Undefined),
        JValue::String(text) => text,
        _ => return mismatch(1, "parse"),
    };
    if args.len() > 1 {
        return mismatch(2, "parse");
    }
    meter.charge_text(text.len())?;
    meter.charge(text.len() as u64 * 16)?;
    match serde_json::from_str::<Strict>(text) {
        Ok(Strict(value)) => Ok(value),
        Err(_) => fail("D3137: Invalid JSON"),
    }
}

/// A text that equal values have in common, whatever the order of their members.
pub(super) fn canonical(value: &JValue) -> String {
    match value {
        JValue::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        JValue::Object(members) => {
            let members: BTreeMap<&str, String> = members
                .iter()
                .map(|(name, member)| (name.as_str(), canonical(member)))
                .collect();
            let members: Vec<String> = members
                .into_iter()
                .map(|(name, member)| format!("{name:?}:{member}"))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        JValue::String(text) => format!("{text:?}"),
        JValue::Number(number) => format!("{}", number + 0.0),
        JValue::Bool(value) => value.to_string(),
        JValue::Null => "null".to_owned(),
        _ => "undefined".to_owned(),
    }
}

/// JSON in which no object has a name twice.
struct Strict(JValue);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Strict, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Strict;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Strict, E> {
        Ok(Strict(JValue::Null))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Strict, E> {
        Ok(Strict(JValue::Bool(value)))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "the evaluator has doubles alone"
    )]
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Strict, E> {
        Ok(Strict(JValue::Number(value as f64)))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "the evaluator has doubles alone"
    )]
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Strict, E> {
        Ok(Strict(JValue::Number(value as f64)))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Strict, E> {
        Ok(Strict(JValue::Number(value)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Strict, E> {
        Ok(Strict(JValue::from(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Strict, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = list.next_element()? {
            items.push(item);
        }
        Ok(Strict(JValue::array(items)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Strict, A::Error> {
        let mut names = std::collections::HashSet::new();
        let mut members = Vec::new();
        while let Some((name, Strict(member))) = object.next_entry::<String, Strict>()? {
            if !names.insert(name.clone()) {
                return Err(de::Error::custom("a name that is there twice"));
            }
            members.push((name, member));
        }
        Ok(Strict(JValue::object(members.into_iter().collect())))
    }
}
