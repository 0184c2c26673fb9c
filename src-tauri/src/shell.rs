//! From the start of the program to its end.

use crate::commands::{self, Subscriptions};
use crate::first::{First, bus_name};
use crate::setup::Settled;
use crate::window;
use anyhow::Context;
use millrace_domain::{Chance, Clock, SystemChance, SystemClock};
use millrace_kiosk::{Desk, Engine, Identity};
use std::path::Path;
use std::sync::Arc;
use tauri::async_runtime::block_on;
use tauri::{AppHandle, Emitter, Manager, RunEvent};

/// The event that carries the view to the page.
pub(crate) const VIEW: &str = "kiosk-view";

/// Runs the app until its window is closed or the system asks it to end.
pub(crate) fn run(setup: Settled) -> anyhow::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "the macro's own, in a branch for a damaged binary")]
    let context = tauri::generate_context!();
    let name = bus_name(&context.config().identifier, &setup.data_dir, setup.named);
    let app = tauri::Builder::default()
        // First of all plugins: a second start must end before it has touched anything.
        .plugin(
            tauri_plugin_single_instance::Builder::new()
                .dbus_id(name)
                .callback(|app, _arguments, _folder| window::show(app))
                .build(),
        )
        .manage(Subscriptions::default())
        .manage(setup.clone())
        .invoke_handler(commands::handler())
        .build(context)
        .context("the window system can't be used")?;
    let first = match First::lock(&setup.data_dir) {
        Ok(Some(first)) => Some(first),
        Ok(None) => {
            #[expect(clippy::print_stderr, reason = "for the person who started it a second time")]
            {
                eprintln!("Millrace is running already in {}. Its window is the one to use.", setup.data_dir.display());
            }
            return Ok(());
        }
        // The engine will find the same, and only a window can say it to whoever stands there.
        Err(error) => {
            tracing::error!(%error, "the data directory can't be locked");
            None
        }
    };
    let (clock, chance): (Arc<dyn Clock>, Arc<dyn Chance>) = (Arc::new(SystemClock::new()), Arc::new(SystemChance));
    let engine = block_on(start(&setup, clock.clone(), chance.clone()))?;
    app.manage(engine.clone());
    app.manage(Desk::new(clock, chance));
    let handle = app.handle().clone();
    tauri::async_runtime::spawn(push_views(handle.clone(), engine.clone()));
    tauri::async_runtime::spawn(end_on_signal(handle));
    let code = app.run_return(move |app, event| match event {
        RunEvent::Ready => {
            if let Err(error) = window::open(app, &setup) {
                tracing::error!(%error, "the window does not open");
                app.exit(1);
            }
        }
        RunEvent::Exit => block_on(engine.shutdown()),
        _ => {}
    });
    // Only after the engine: no second program may open the same disk before.
    drop(first);
    anyhow::ensure!(code == 0, "the app ended with code {code}");
    Ok(())
}

/// Starts the engine on the data directory, and enrols it where that was asked for.
async fn start(setup: &Settled, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> anyhow::Result<Engine> {
    // Comes up whatever is the matter with the disk: the window says it.
    let engine = Engine::at(setup.data_dir.join("kiosk.db"), clock, chance).await;
    if let Some(file) = &setup.enrolment_file {
        let identity = enrolment(file)?;
        if let Err(error) = engine.adopt(identity).await {
            // What the kiosk is already it stays: the window says what is the matter.
            tracing::error!(%error, "the enrolment file is not used");
        }
    } else if let (Some(code), Some(server)) = (&setup.enroll, &setup.server)
        && engine.view().kiosk.is_none()
        && let Err(error) = engine.enroll(server.clone(), code.clone()).await
    {
        // The screen asks for another code.
        tracing::warn!(%error, "not enrolled");
    }
    Ok(engine)
}

/// Reads an enrolment file. It holds a secret: one that others can read is refused.
fn enrolment(file: &Path) -> anyhow::Result<Identity> {
    let shown = file.display();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(file).with_context(|| format!("{shown} can't be read"))?.permissions().mode();
        anyhow::ensure!(mode & 0o077 == 0, "{shown} can be read by others: chmod 600 {shown}");
    }
    let text = std::fs::read_to_string(file).with_context(|| format!("{shown} can't be read"))?;
    serde_json::from_str(&text).with_context(|| format!("{shown} is no enrolment"))
}

/// Pushes each view to the page.
async fn push_views(app: AppHandle, engine: Engine) {
    let mut views = engine.watch();
    while views.changed().await.is_ok() {
        let view = views.borrow_and_update().clone();
        if let Err(error) = app.emit(VIEW, view) {
            tracing::debug!(%error, "the page has not heard the view");
        }
    }
}

/// Ends the app in order when the system asks for it.
async fn end_on_signal(app: AppHandle) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut terminate), Ok(mut hang_up)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup()))
        else {
            return;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
    #[cfg(not(unix))]
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    app.exit(0);
}
