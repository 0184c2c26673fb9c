//! The supervisor's desk.

use super::{Answer, Subscriptions};
use crate::setup::Settled;
use millrace_kiosk::desk::AdminRequest;
use millrace_kiosk::stream::StreamMessage;
use millrace_kiosk::{Desk, Engine};
use millrace_protocol::ImageId;
use millrace_protocol::access::UserSelf;
use serde_json::Value;
use tauri::State;
use tauri::ipc::{Channel, Response};

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
pub(super) async fn desk_ask(desk: State<'_, Desk>, request: AdminRequest) -> Answer<Value> {
    desk.ask(request).await.map_err(|error| error.problem())
}

#[tauri::command]
pub(super) async fn desk_picture(desk: State<'_, Desk>, image_id: ImageId) -> Answer<Response> {
    desk.picture(image_id).await.map(Response::new).map_err(|error| error.problem())
}

#[tauri::command]
pub(super) async fn desk_watch(
    desk: State<'_, Desk>,
    subscriptions: State<'_, Subscriptions>,
    topics: Vec<String>,
    channel: Channel<StreamMessage>,
) -> Answer<u32> {
    let subscription = desk.watch(&topics).map_err(|error| error.problem())?;
    Ok(subscriptions.pass_on(subscription, channel))
}
