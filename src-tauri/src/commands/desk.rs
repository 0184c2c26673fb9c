//! The supervisor's desk.

use super::Answer;
use crate::setup::Settled;
use millrace_kiosk::desk::AdminRequest;
use millrace_kiosk::stream::StreamMessage;
use millrace_kiosk::{Desk, Engine};
use millrace_protocol::ImageId;
use millrace_protocol::access::UserSelf;
use millrace_protocol::station::Station;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tauri::State;
use tauri::async_runtime::JoinHandle;
use tauri::ipc::{Channel, Response};

/// The streams the page reads, by number.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions(Mutex<Running>);

#[derive(Debug, Default)]
struct Running {
    last: u32,
    by_number: HashMap<u32, JoinHandle<()>>,
}

impl Subscriptions {
    fn running(&self) -> MutexGuard<'_, Running> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, task: JoinHandle<()>) -> u32 {
        let mut running = self.running();
        // Those that have ended by themselves, because nobody listened.
        running.by_number.retain(|_, task| !task.inner().is_finished());
        running.last += 1;
        let number = running.last;
        running.by_number.insert(number, task);
        number
    }

    fn end(&self, number: u32) {
        if let Some(task) = self.running().by_number.remove(&number) {
            task.abort();
        }
    }

    /// Ends them all: the page is another one.
    pub(crate) fn end_all(&self) {
        for (_, task) in self.running().by_number.drain() {
            task.abort();
        }
    }
}

#[tauri::command]
pub(super) async fn desk_me(desk: State<'_, Desk>) -> Answer<Option<UserSelf>> {
    desk.me().await.map_err(|error| error.problem())
}

#[tauri::command]
pub(super) async fn desk_login(
    desk: State<'_, Desk>,
    engine: State<'_, Engine>,
    setup: State<'_, Settled>,
    server_url: String,
    username: String,
    password: String,
) -> Answer<UserSelf> {
    // Without an address it is the server this device belongs to already.
    let address = Some(server_url.trim().to_owned())
        .filter(|address| !address.is_empty())
        .or_else(|| setup.server.clone())
        .or_else(|| engine.view().kiosk.map(|kiosk| kiosk.server_url))
        .unwrap_or_default();
    desk.log_in(&address, &username, &password).await.map_err(|error| error.problem())
}

#[tauri::command]
pub(super) async fn desk_logout(desk: State<'_, Desk>, subscriptions: State<'_, Subscriptions>) -> Answer<()> {
    subscriptions.end_all();
    desk.log_out().await;
    Ok(())
}

#[tauri::command]
pub(super) async fn desk_stations(desk: State<'_, Desk>) -> Answer<Vec<Station>> {
    desk.stations().await.map_err(|error| error.problem())
}

#[tauri::command]
pub(super) async fn desk_ask(desk: State<'_, Desk>, request: AdminRequest) -> Answer<Value> {
    desk.ask(request).await.map_err(|error| error.problem())
}

#[tauri::command]
pub(super) async fn desk_picture(desk: State<'_, Desk>, image_id: ImageId) -> Answer<Response> {
    desk.picture(image_id).await.map(Response::new).map_err(|error| error.problem())
}

#[tauri::command]
pub(super) async fn desk_active_sessions(
    desk: State<'_, Desk>,
    subscriptions: State<'_, Subscriptions>,
    channel: Channel<StreamMessage>,
) -> Answer<u32> {
    let mut subscription = desk.active_sessions().map_err(|error| error.problem())?;
    let task = tauri::async_runtime::spawn(async move {
        while let Some(message) = subscription.next().await {
            // The page learns who may read by asking; the state says that it does not.
            if matches!(message, StreamMessage::Refused { .. }) {
                continue;
            }
            if channel.send(message).is_err() {
                return;
            }
        }
    });
    Ok(subscriptions.keep(task))
}

#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "Tauri hands state over by value")]
pub(super) fn desk_unsubscribe(subscriptions: State<'_, Subscriptions>, subscription: u32) {
    subscriptions.end(subscription);
}
