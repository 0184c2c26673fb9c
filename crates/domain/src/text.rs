//! Texts that people give things: names, codes, labels. One line each, no longer than a screen can show.

use crate::Refusal;

/// The longest code of a thing, in characters.
pub const CODE_MAX: usize = 40;
/// The longest name of a thing, in characters.
pub const NAME_MAX: usize = 80;

/// A line as it is stored: blanks around it don't count. `what` names it at the beginning of a sentence.
///
/// # Errors
/// [`Refusal::Invalid`] when nothing is left of it, when it has more than `most` characters, or holds characters
/// that can't be seen: not every database can keep a NUL, and no list has room for a line break.
pub fn line(what: &str, text: &str, most: usize) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(Refusal::Invalid { what: format!("{what} holds a control character. Take it out.") });
    }
    if !(1..=most).contains(&text.chars().count()) {
        return Err(Refusal::Invalid { what: format!("{what} has 1 to {most} characters. Change it.") });
    }
    Ok(text.to_owned())
}

/// A line by which a thing is told from others: a code, a number, a badge. What looks alike has to be alike, or it is
/// not found by what is typed or scanned.
///
/// # Errors
/// As [`line`], and where it holds what has no shape: a direction mark, a character without width.
pub fn mark(what: &str, text: &str, most: usize) -> Result<String, Refusal> {
    if text.chars().any(is_shapeless) {
        return Err(Refusal::Invalid {
            what: format!("{what} holds a character that can't be seen, such as a direction mark. Type it anew."),
        });
    }
    line(what, text, most)
}

/// Steers the direction of text, or takes no room.
fn is_shapeless(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

/// A line that may be missing; blanks alone are none.
///
/// # Errors
/// As [`line`].
pub fn line_if_any(what: &str, text: Option<&str>, most: usize) -> Result<Option<String>, Refusal> {
    text.filter(|text| !text.trim().is_empty()).map(|text| line(what, text, most)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_and_counted_in_characters() {
        assert_eq!(line("The name", " Lathe 3 ", NAME_MAX).as_deref(), Ok("Lathe 3"));
        assert!(line("The name", &"ש".repeat(NAME_MAX), NAME_MAX).is_ok());
        for wrong in ["", " \t", &"x".repeat(NAME_MAX + 1), "a\0b", "a\nb", "a\u{7f}b"] {
            assert!(line("The name", wrong, NAME_MAX).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_looks_alike_is_alike_where_things_are_told_apart_by_it() {
        for shapeless in ["\u{200f}A1", "A\u{200b}1", "A1\u{2069}", "\u{feff}A1", "A\u{202e}1"] {
            assert!(mark("The code", shapeless, CODE_MAX).is_err(), "{shapeless:?}");
            assert!(line("The name", shapeless, NAME_MAX).is_ok(), "a name may say in which direction it runs");
        }
        assert_eq!(mark("The code", " תחנה-3 ", CODE_MAX).as_deref(), Ok("תחנה-3"));
    }

    #[test]
    fn what_may_be_missing_is_missing_when_it_is_blank() {
        assert_eq!(line_if_any("The department", None, 10), Ok(None));
        assert_eq!(line_if_any("The department", Some("  "), 10), Ok(None));
        assert_eq!(line_if_any("The department", Some(" Paint "), 10), Ok(Some("Paint".into())));
        assert!(line_if_any("The department", Some("x\0"), 10).is_err());
    }
}
