//! Every station of the floor. One enters with `insert`, changes with `update`, leaves with `delete`.

use super::{Drawn, Taken};
use crate::stream::frame::Event;
use crate::stream::picture::{Moved, Picture};
use millrace_protocol::stream::{StationChanged, StationGone, StationLive};
use serde::Serialize;

/// The view.
#[derive(Debug)]
pub(super) struct Stations;

#[derive(Serialize)]
struct Members {
    stations: Vec<StationLive>,
}

impl Drawn for Stations {
    fn taken(&self, picture: &Picture) -> Taken {
        let stations = picture.stations().into_iter().filter_map(|station| picture.station(station.id)).collect();
        Taken::new(picture.at(), &Members { stations })
    }

    fn events(&self, picture: &Picture, moved: &Moved, offset: u64) -> Vec<Event> {
        let event = |(id, before): &(_, Option<StationLive>)| match (before, picture.station(*id)) {
            (None, Some(station)) => Some(Event::new("insert", &StationChanged { offset, station })),
            (Some(before), Some(station)) if *before != station => {
                Some(Event::new("update", &StationChanged { offset, station }))
            }
            (Some(_), None) => Some(Event::new("delete", &StationGone { offset, station_id: *id })),
            (Some(_), Some(_)) | (None, None) => None,
        };
        moved.stations.iter().filter_map(event).collect()
    }
}
