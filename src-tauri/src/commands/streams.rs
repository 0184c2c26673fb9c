//! The streams the page reads: begun by the kiosk's or the desk's commands, ended here.

use millrace_kiosk::stream::{StreamMessage, Subscription};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tauri::State;
use tauri::async_runtime::JoinHandle;
use tauri::ipc::Channel;

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

    /// Tells the page all that a stream tells, for as long as the page listens. Returns the subscription's number.
    pub(super) fn pass_on(&self, mut subscription: Subscription, channel: Channel<StreamMessage>) -> u32 {
        self.keep(tauri::async_runtime::spawn(async move {
            while let Some(message) = subscription.next().await {
                if channel.send(message).is_err() {
                    return;
                }
            }
        }))
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
#[expect(clippy::needless_pass_by_value, reason = "Tauri hands state over by value")]
pub(super) fn unsubscribe(subscriptions: State<'_, Subscriptions>, subscription: u32) {
    subscriptions.end(subscription);
}
