//! Live streams: one hub turns committed changes into events, once, and every reader takes them from there.
//!
//! The parts, along the way of a change: [`Hub`] takes committed batches and routes each change by
//! [`TopicKey`] to the topics it concerns; a topic's view says which events it makes; they become ready
//! bytes in the topic's bounded ring; readers hold an offset and write those bytes. What the ring no
//! longer has, a reader reads from the change log. Adding a stream is adding a view.
//!
//! A right covers a whole topic: who may open it is decided by the route, before it asks the hub.
//!
//! Deliberately not here: who is asking (the routes), sockets (`listener`), and any queue per reader.

mod answer;
mod ask;
mod budget;
mod capacity;
mod distributor;
mod drawing;
mod frame;
mod fresh;
mod hub;
mod jitter;
mod line;
mod name;
mod newest;
mod opening;
mod page;
mod picture;
mod presence;
mod reader;
mod retention;
mod ring;
mod settings;
mod snapshot;
mod topic;
mod trail;
mod view;

#[cfg(test)]
mod tests;

pub use ask::{Ask, StreamQuery};
pub use hub::Hub;
pub use name::TopicName;
pub use opening::Wanted;
pub use settings::StreamSettings;
pub use view::{Pipeline, Scope, Subscription, Subscriptions, TopicKey};
