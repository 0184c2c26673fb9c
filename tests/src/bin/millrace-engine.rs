//! A kiosk's engine as a process of its own, so that a test can end it as a power cut would.
//!
//! It takes one order a line on stdin and answers each by one line on stdout, `{"done": null}` or `{"done": problem}`;
//! in between it prints what the kiosk shows, each time that it changes.

use anyhow::Context;
use millrace_domain::{SystemChance, SystemClock};
use millrace_kiosk::view::{Ending, TakingOver};
use millrace_kiosk::{CommandError, Engine, Identity, StatusChange, Store};
use millrace_protocol::{StationId, StatusDefinitionId};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, BufReader, stdin};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let file = std::env::args_os().nth(1).context("the first argument is the kiosk's database")?;
    let store = Store::open(file.as_ref()).await?;
    let engine = Engine::start(store, Arc::new(SystemClock::new()), Arc::new(SystemChance)).await?;
    let mut view = engine.watch();
    let mut orders = BufReader::new(stdin()).lines();
    say(&json!({"view": engine.view()}))?;
    loop {
        tokio::select! {
            changed = view.changed() => {
                changed?;
                say(&json!({"view": *view.borrow_and_update()}))?;
            }
            order = orders.next_line() => {
                let Some(order) = order? else { break };
                let done = obey(&engine, &serde_json::from_str(&order)?).await?;
                // What follows from an order is shown before it is done.
                say(&json!({"view": *view.borrow_and_update()}))?;
                say(&json!({"done": done.err().map(|error| error.problem())}))?;
            }
        }
    }
    engine.shutdown().await;
    Ok(())
}

async fn obey(engine: &Engine, order: &Value) -> anyhow::Result<Result<(), CommandError>> {
    let text = |name: &str| order[name].as_str().map(str::to_owned);
    Ok(match order["do"].as_str() {
        Some("adopt") => engine.adopt(serde_json::from_value::<Identity>(order["identity"].clone())?).await,
        Some("signIn") => engine.sign_in(text("code").context("a code")?, text("pin")).await,
        Some("open") => engine.open(text("station").context("a station")?.parse::<StationId>()?, None).await,
        Some("status") => {
            let status = text("status").context("a status")?.parse::<StatusDefinitionId>()?;
            engine.change_status(StatusChange::to(status)).await
        }
        Some("handOver") => engine.hand_over(TakingOver::default()).await,
        Some("call") => engine.call(None).await,
        Some("undo") => engine.undo().await,
        Some("end") => engine.end(Ending::default()).await,
        _ => anyhow::bail!("no order: {order}"),
    })
}

fn say(line: &Value) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}
