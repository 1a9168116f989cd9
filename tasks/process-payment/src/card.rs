//! Card numbers: whether one can be right, and what the test numbers do.

/// Shortest and longest card number, in digits (ISO/IEC 7812).
const DIGITS: std::ops::RangeInclusive<usize> = 12..=19;

/// What the bank answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The charge is made.
    Charged,
    /// It is not, and why: a word for programs, a text for people.
    Refused(&'static str, &'static str),
    /// There is no answer, ever.
    Never,
    /// The answer is so long that it fills all memory.
    Endless,
}

/// The digits of `text`, which may be grouped by spaces or dashes; none if it is no card number.
pub(crate) fn digits(text: &str) -> Option<String> {
    let digits: String = text
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '-'))
        .collect();
    let only_digits = digits.bytes().all(|letter| letter.is_ascii_digit());
    (only_digits && DIGITS.contains(&digits.len()) && luhn(&digits)).then_some(digits)
}

/// Luhn's checksum: every second digit from the right counts double, and the sum is even tens.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(
            |(place, digit)| match (place % 2, u32::from(digit - b'0')) {
                (0, digit) => digit,
                (_, digit) if digit > 4 => digit * 2 - 9,
                (_, digit) => digit * 2,
            },
        )
        .sum();
    sum.is_multiple_of(10)
}

/// What the bank answers for a card with these digits.
pub(crate) fn answer(digits: &str) -> Answer {
    match digits {
        "4000000000000002" => Answer::Refused("card_declined", "the bank declines the card"),
        "4000000000009995" => {
            Answer::Refused("insufficient_funds", "the account is short of money")
        }
        "4000000000000069" => Answer::Refused("expired_card", "the card has expired"),
        "4000000000000259" => Answer::Never,
        "4000000000000341" => Answer::Endless,
        _ => Answer::Charged,
    }
}

/// The card's brand, by its first digits.
pub(crate) fn brand(digits: &str) -> &'static str {
    match digits.as_bytes() {
        [b'4', ..] => "visa",
        [b'5', b'1'..=b'5', ..] | [b'2', b'2'..=b'7', ..] => "mastercard",
        [b'3', b'4' | b'7', ..] => "amex",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_one_wrong_digit_is_no_card() {
        assert_eq!(
            digits("4242-4242 42424242").as_deref(),
            Some("4242424242424242")
        );
        assert_eq!(digits("4242424242424241"), None);
        assert_eq!(digits("42424242x2424242"), None);
        assert_eq!(digits("00"), None);
    }

    #[test]
    fn every_test_number_is_a_card_number() {
        for number in ["0002", "9995", "0069", "0259", "0341"] {
            let number = format!("400000000000{number}");
            assert_eq!(digits(&number), Some(number.clone()));
            assert_ne!(answer(&number), Answer::Charged);
        }
    }
}
