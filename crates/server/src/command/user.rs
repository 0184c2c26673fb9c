//! `user add`

use crate::cli::UserAdd;
use crate::config::Config;
use crate::demo::secrets;
use anyhow::{Context, bail};
use millrace_api::secret;
use millrace_domain::storage::{Access, Floorplan, Furnish, PlannedUser};
use millrace_domain::{Chance, Clock, SystemChance, SystemClock};
use millrace_protocol::UserId;
use millrace_protocol::access::User;
use std::io::{BufRead, IsTerminal};

/// A shorter password is guessed.
const SHORTEST: usize = 10;

/// Adds a person with a login.
pub(super) async fn add(config: Config, wanted: UserAdd) -> anyhow::Result<()> {
    let username = username(&wanted.username)?;
    let sqlite = super::open(&config).await?;
    if sqlite.user_by_name(&username).await.context("the database could not be read")?.is_some() {
        sqlite.close().await;
        bail!("there is a user `{username}` already; choose another name");
    }
    let (password, made) = password()?;
    let user = User {
        id: UserId(SystemChance.uuid(SystemClock::new().now())),
        name: wanted.name.unwrap_or_else(|| username.clone()),
        username,
        role: wanted.role.into(),
    };
    let said = if made {
        format!("{} may log in now, with the password {password} (it is not shown again)", user.username)
    } else {
        format!("{} may log in now", user.username)
    };
    let users = vec![PlannedUser { user, password_hash: secret::hash_password(&password) }];
    let added = sqlite.furnish(Floorplan { users, ..Floorplan::default() }).await;
    sqlite.close().await;
    added.context("the user could not be added")?;
    Ok(crate::say(&said)?)
}

fn username(text: &str) -> anyhow::Result<String> {
    let plain = (1..=60).contains(&text.chars().count()) && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    if !plain {
        bail!("a user name has 1 to 60 characters and no spaces");
    }
    Ok(text.to_owned())
}

/// The password from stdin, or a new one where a person sits there. The second value says that it is new.
fn password() -> anyhow::Result<(String, bool)> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        return Ok((secrets::password(&SystemChance), true));
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line).context("stdin could not be read")?;
    let given = line.trim_end_matches(['\r', '\n']);
    match given.chars().count() {
        0 => Ok((secrets::password(&SystemChance), true)),
        length if length < SHORTEST => bail!("the password is shorter than {SHORTEST} characters; choose a longer one"),
        _ => Ok((given.to_owned(), false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_is_one_word() {
        assert_eq!(username("נועה").expect("fits"), "נועה");
        for wrong in ["", "two words", "tab\t", &"x".repeat(61)] {
            assert!(username(wrong).is_err(), "{wrong:?}");
        }
    }
}
