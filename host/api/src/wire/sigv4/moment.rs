//! When a request was signed.

use engine::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;

/// A moment in the form that is signed: `20150830T123600Z`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    text: String,
    seconds: i64,
}

impl Moment {
    /// The moment that `X-Amz-Date` names.
    pub fn parse(text: &str) -> Option<Moment> {
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if (date.len(), time.len()) != (8, 6) || !is_digits(date) || !is_digits(time) {
            return None;
        }
        let part = |text: &str, from: usize, to: usize| text.get(from..to)?.parse::<i8>().ok();
        let civil = DateTime::new(
            date.get(..4)?.parse().ok()?,
            part(date, 4, 6)?,
            part(date, 6, 8)?,
            part(time, 0, 2)?,
            part(time, 2, 4)?,
            part(time, 4, 6)?,
            0,
        );
        let at = TimeZone::UTC.to_timestamp(civil.ok()?).ok()?;
        Some(Moment {
            text: text.to_owned(),
            seconds: at.as_second(),
        })
    }

    /// The moment that `Date` names, in this form or in that of HTTP: `Sun, 30 Aug 2015 12:36:00 GMT`.
    pub fn parse_http(text: &str) -> Option<Moment> {
        Moment::parse(text).or_else(|| {
            let at = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
            Some(Moment::of_seconds(at.as_second()))
        })
    }

    /// This moment, to the second.
    pub fn of(at: Timestamp) -> Moment {
        Moment::of_seconds(at.0.div_euclid(1_000_000))
    }

    /// So many seconds since 1970.
    pub fn of_seconds(seconds: i64) -> Moment {
        let text = match jiff::Timestamp::from_second(seconds) {
            Ok(at) => at.strftime("%Y%m%dT%H%M%SZ").to_string(),
            Err(_) => String::from("99991231T235959Z"),
        };
        Moment { text, seconds }
    }

    /// `20150830T123600Z`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `20150830`.
    pub fn date(&self) -> &str {
        self.text.get(..8).unwrap_or(&self.text)
    }

    /// Seconds since 1970.
    pub fn seconds(&self) -> i64 {
        self.seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_in_the_form_it_is_signed_in() {
        let moment = Moment::parse("20150830T123600Z").unwrap();
        assert_eq!(moment.seconds(), 1_440_938_160);
        assert_eq!(
            (moment.as_str(), moment.date()),
            ("20150830T123600Z", "20150830")
        );
        assert_eq!(Moment::of(Timestamp(1_440_938_160_999_999)), moment);
        assert_eq!(
            Moment::parse_http("Sun, 30 Aug 2015 12:36:00 GMT"),
            Some(moment.clone())
        );
        assert_eq!(Moment::parse_http("20150830T123600Z"), Some(moment));
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in [
            "",
            "20150830",
            "20150830T1236Z",
            "20150830T123600",
            "20151330T123600Z",
            "20150830T250000Z",
            "2015083OT123600Z",
            "+2150830T123600Z",
            "20150830T+1+2+3Z",
            "2015-8-3T123600Z",
            "20150830T123600ZZ",
            "2015083ÄT12360Z",
            "20150830T123600z",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
        assert_eq!(Moment::parse_http("yesterday"), None);
        assert_eq!(Moment::of_seconds(i64::MAX).date(), "99991231");
    }
}
