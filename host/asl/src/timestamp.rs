//! Timestamps of the language: the RFC 3339 profile that Wait and Choice take (ASL.md §1.2, §2.2).
//!
//! `2016-03-14T01:59:00Z`: capital `T`, seconds written out, up to nine digits of fraction, then a
//! capital `Z` or an offset `±hh:mm`. This module reads no clock.

use jiff::civil::Date;

/// Microseconds in a second.
const MICROS: i64 = 1_000_000;

/// Why a text is no timestamp, in words for the author of the definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TimestampError(&'static str);

/// Microseconds since 1970 UTC, or `None` if the text is no timestamp of the language.
///
/// Digits of the fraction beyond the microsecond are dropped.
pub fn parse(text: &str) -> Option<i64> {
    check(text).ok()
}

/// Like [`parse`], with the reason.
///
/// # Errors
/// What is missing or impossible.
pub fn check(text: &str) -> Result<i64, TimestampError> {
    let fail = |reason| Err(TimestampError(reason));
    let mut scan = Scan {
        rest: text.as_bytes(),
    };

    let Some((year, month, day)) = scan.date() else {
        return fail("a timestamp begins with a date, as in 2016-03-14");
    };
    let Some(date) = calendar_date(year, month, day) else {
        return fail("there is no such day in the calendar");
    };
    match scan.next() {
        Some(b'T') => {}
        Some(b't') => return fail("the `T` between date and time is a capital letter"),
        _ => return fail("a capital `T` stands between date and time"),
    }
    let Some((hour, minute, second)) = scan.time() else {
        return fail("the time is hours, minutes and seconds, as in 01:59:00");
    };
    if hour > 23 || minute > 59 || second > 59 {
        return fail("there is no such time of day");
    }
    let Some(fraction_micros) = scan.fraction_micros() else {
        return fail("a fraction of a second has one to nine digits");
    };
    let Some(offset_seconds) = scan.offset_seconds() else {
        return fail("the time zone is missing: end with `Z` or an offset such as +01:00");
    };
    if !scan.rest.is_empty() {
        return fail("there is more text after the time zone");
    }

    let epoch = Date::constant(1970, 1, 1);
    let days = i64::from(date.since(epoch).map_or(0, |span| span.get_days()));
    let seconds =
        days * 86_400 + i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
    Ok((seconds - offset_seconds) * MICROS + fraction_micros)
}

fn calendar_date(year: u32, month: u32, day: u32) -> Option<Date> {
    let year = i16::try_from(year).ok()?;
    let month = i8::try_from(month).ok()?;
    let day = i8::try_from(day).ok()?;
    Date::new(year, month, day).ok()
}

/// Reads from the left; each method takes what it understands.
struct Scan<'a> {
    rest: &'a [u8],
}

impl Scan<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn take(&mut self, expected: u8) -> Option<()> {
        (self.next()? == expected).then_some(())
    }

    /// Exactly `count` digits.
    fn digits(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.next()?;
            if !byte.is_ascii_digit() {
                return None;
            }
            value = value * 10 + u32::from(byte - b'0');
        }
        Some(value)
    }

    fn date(&mut self) -> Option<(u32, u32, u32)> {
        let year = self.digits(4)?;
        self.take(b'-')?;
        let month = self.digits(2)?;
        self.take(b'-')?;
        Some((year, month, self.digits(2)?))
    }

    fn time(&mut self) -> Option<(u32, u32, u32)> {
        let hour = self.digits(2)?;
        self.take(b':')?;
        let minute = self.digits(2)?;
        self.take(b':')?;
        Some((hour, minute, self.digits(2)?))
    }

    /// The optional fraction; 0 when there is none.
    fn fraction_micros(&mut self) -> Option<i64> {
        if self.rest.first() != Some(&b'.') {
            return Some(0);
        }
        self.next();
        let length = self
            .rest
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if length == 0 || length > 9 {
            return None;
        }
        let mut nanos = self.digits(length)?;
        for _ in length..9 {
            nanos *= 10;
        }
        Some(i64::from(nanos / 1_000))
    }

    fn offset_seconds(&mut self) -> Option<i64> {
        let sign = match self.next()? {
            b'Z' => return Some(0),
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let hours = self.digits(2)?;
        self.take(b':')?;
        let minutes = self.digits(2)?;
        if hours > 23 || minutes > 59 {
            return None;
        }
        Some(sign * (i64::from(hours) * 3_600 + i64::from(minutes) * 60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_the_same_whatever_the_offset() {
        let noon = 1_457_920_740_000_000;
        assert_eq!(parse("2016-03-14T01:59:00Z"), Some(noon));
        assert_eq!(parse("2016-03-14T02:59:00+01:00"), Some(noon));
        assert_eq!(parse("2016-03-13T20:29:00-05:30"), Some(noon));
        assert_eq!(parse("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(parse("1969-12-31T23:59:59.5Z"), Some(-500_000));
    }

    #[test]
    fn fractions_have_one_to_nine_digits() {
        assert_eq!(parse("1970-01-01T00:00:00.000001Z"), Some(1));
        assert_eq!(parse("1970-01-01T00:00:00.123456789Z"), Some(123_456));
        assert_eq!(parse("1970-01-01T00:00:00.Z"), None);
        assert_eq!(parse("1970-01-01T00:00:00.1234567890Z"), None);
    }

    #[test]
    fn what_the_service_refuses_is_refused() {
        for text in [
            "",
            "2016-03-14",
            "2016-03-14 01:59:00Z",
            "2016-03-14t01:59:00Z",
            "2016-03-14T01:59:00z",
            "2016-03-14T01:59:00",
            "2016-03-14T01:59Z",
            "2016-13-14T01:59:00Z",
            "2016-02-30T01:59:00Z",
            "2015-02-29T01:59:00Z",
            "2016-03-14T24:00:00Z",
            "2016-03-14T01:60:00Z",
            "2016-03-14T01:59:00+1:00",
            "2016-03-14T01:59:00+0100",
            "2016-03-14T01:59:00+24:00",
            "2016-03-14T01:59:00Z ",
            "+2016-03-14T01:59:00Z",
            "2016-03-14T01:59:00Ä",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_first_and_last_year_are_in_range() {
        assert!(parse("0000-01-01T00:00:00+23:59").is_some());
        assert!(parse("9999-12-31T23:59:59.999999999-23:59").is_some());
    }
}
