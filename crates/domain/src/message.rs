//! Messages to a kiosk: it says when it showed one, and when somebody there confirmed it. The first moment is kept.

use crate::Refusal;
use millrace_protocol::floor::Message;
use millrace_protocol::time::Timestamp;

/// The longest message, in characters: it has to be read at a glance.
pub const TEXT_MAX: usize = 500;

/// A message's text as it is kept; blanks around it don't count.
///
/// # Errors
/// [`Refusal::Invalid`] for none, for one that is too long, and for characters that can't be shown. It may have lines.
pub fn text(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Refusal::Invalid { what: "The text holds a control character. Take it out.".into() });
    }
    if !(1..=TEXT_MAX).contains(&text.chars().count()) {
        return Err(Refusal::Invalid { what: format!("The text has 1 to {TEXT_MAX} characters. Change it.") });
    }
    Ok(text.to_owned())
}

/// The message, shown; none where it had been.
#[must_use]
pub fn shown(message: &Message, at: Timestamp) -> Option<Message> {
    message.shown_at.is_none().then(|| Message { shown_at: Some(at), version: message.version + 1, ..message.clone() })
}

/// The message, confirmed; none where it had been. What was confirmed was shown.
#[must_use]
pub fn confirmed(message: &Message, at: Timestamp) -> Option<Message> {
    message.confirmed_at.is_none().then(|| Message {
        shown_at: message.shown_at.or(Some(at)),
        confirmed_at: Some(at),
        version: message.version + 1,
        ..message.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::fixtures::{at, id};
    use millrace_protocol::{KioskId, MessageId};

    #[test]
    fn a_text_is_short_and_can_be_shown() {
        assert_eq!(
            text(" Tool cart is on its way.\nTwo minutes. ").as_deref(),
            Ok("Tool cart is on its way.\nTwo minutes.")
        );
        assert!(text(&"ש".repeat(TEXT_MAX)).is_ok());
        for wrong in ["", " \n ", "a\0b", "a\u{1b}b", &"x".repeat(TEXT_MAX + 1)] {
            assert!(text(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn the_first_moment_is_kept() {
        let sent = Message {
            id: MessageId(id(1)),
            kiosk_id: KioskId(id(2)),
            text: "x".into(),
            sent_at: at(0),
            sent_by: "dana".into(),
            shown_at: None,
            confirmed_at: None,
            version: 1,
        };
        let read = shown(&sent, at(1)).expect("changes");
        assert_eq!(shown(&read, at(2)), None);
        let known = confirmed(&read, at(3)).expect("changes");
        assert_eq!((known.shown_at, known.confirmed_at, known.version), (Some(at(1)), Some(at(3)), 3));
        assert_eq!(confirmed(&known, at(4)), None);
        assert_eq!(confirmed(&sent, at(5)).expect("changes").shown_at, Some(at(5)));
    }
}
