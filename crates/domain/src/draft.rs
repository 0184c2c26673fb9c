//! Checks that drafts of managed things share. What one kind of thing asks for besides stands beside that kind.

use crate::Refusal;
use crate::text::{CODE_MAX, NAME_MAX, line, mark};

/// A request that can't be meant like this.
#[must_use]
pub fn invalid(what: impl Into<String>) -> Refusal {
    Refusal::Invalid { what: what.into() }
}

/// A name that a person reads.
///
/// # Errors
/// [`Refusal::Invalid`] for none, for one that is too long or holds what can't be seen.
pub fn name(text: &str) -> Result<String, Refusal> {
    line("The name", text, NAME_MAX)
}

/// A short unique name that is typed and scanned: no blanks in it.
///
/// # Errors
/// [`Refusal::Invalid`] for none, for one that is too long, holds a blank or what can't be seen.
pub fn code(text: &str) -> Result<String, Refusal> {
    let code = mark("The code", text, CODE_MAX)?;
    if code.chars().any(char::is_whitespace) {
        return Err(invalid("The code holds a blank. Take it out."));
    }
    Ok(code)
}

/// Whether a change is made on what is current.
///
/// # Errors
/// [`Refusal::VersionMismatch`] where it is not.
pub fn at_version(current: u32, asked: u32) -> Result<(), Refusal> {
    if current == asked { Ok(()) } else { Err(Refusal::VersionMismatch { current }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_no_blanks() {
        assert_eq!(code(" M-01 ").as_deref(), Ok("M-01"));
        for wrong in ["M 01", "", "M\u{a0}1", "M\n1"] {
            assert!(code(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_change_is_made_on_the_current_version() {
        assert_eq!(at_version(3, 3), Ok(()));
        assert_eq!(at_version(3, 2), Err(Refusal::VersionMismatch { current: 3 }));
    }
}
