//! The one line on stdout that says the server is ready, and what a demo adds to it.

use crate::demo::{FREE, Floor, people, plan, stations};
use millrace_protocol::{KioskId, StationId};
use serde::Serialize;

/// The ready line.
#[derive(Debug, Serialize)]
pub struct Ready {
    ready: bool,
    url: String,
    #[serde(flatten)]
    demo: Option<DemoReady>,
}

#[derive(Debug, Serialize)]
struct DemoReady {
    admin: Admin,
    workers: Vec<WorkerReady>,
    stations: Vec<StationReady>,
    kiosks: Vec<KioskReady>,
    #[serde(skip_serializing_if = "Option::is_none")]
    free: Option<Free>,
}

#[derive(Debug, Serialize)]
struct Admin {
    username: String,
    password: String,
}

#[derive(Debug, Serialize)]
struct WorkerReady {
    code: String,
    pin: Option<String>,
    name: String,
    language: &'static str,
}

#[derive(Debug, Serialize)]
struct StationReady {
    id: StationId,
    code: String,
    name: String,
    area: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct KioskReady {
    id: KioskId,
    token: String,
    station_code: String,
    name: String,
}

/// What the living floor leaves alone.
#[derive(Debug, Serialize)]
struct Free {
    stations: Vec<String>,
    workers: Vec<String>,
}

impl Ready {
    /// Of an ordinary server.
    #[must_use]
    pub fn plain(url: String) -> Self {
        Self { ready: true, url, demo: None }
    }

    /// Of a demo; `alive` says whether it plays.
    #[must_use]
    pub fn demo(url: String, floor: &Floor, alive: bool) -> Self {
        let pin = |code: &str| floor.secrets.pins.get(code).cloned();
        let workers = plan::workers(0..floor.extent.workers).map(|(_, worker)| WorkerReady {
            pin: pin(&worker.code),
            code: worker.code,
            name: worker.name,
            language: worker.language,
        });
        // Those with a kiosk, and as many more as make the basic floor full.
        let listed = floor.extent.kiosks.max(stations::BASIC.len());
        let places = (0..floor.extent.kiosks).map(plan::station_of).chain(floor.extent.kiosks..floor.extent.stations);
        let places = places.take(listed);
        let stations = places.flat_map(|number| plan::stations(number..number + 1)).map(|station| StationReady {
            id: station.id,
            code: station.code,
            name: station.name,
            area: station.area,
        });
        let kiosks = (0..floor.extent.kiosks).map(|number| KioskReady {
            id: plan::kiosk_id(number),
            token: floor.secrets.tokens[number].clone(),
            station_code: stations::station(plan::station_of(number)).code,
            name: plan::kiosk_name(number),
        });
        let free = alive.then(|| Free {
            stations: (0..FREE).map(|number| stations::station(number).code).collect(),
            workers: (0..FREE).map(|number| people::worker(number).code).collect(),
        });
        let admin = Admin { username: floor.secrets.username.clone(), password: floor.secrets.password.clone() };
        let demo = DemoReady {
            admin,
            workers: workers.collect(),
            stations: stations.collect(),
            kiosks: kiosks.collect(),
            free,
        };
        Self { ready: true, url, demo: Some(demo) }
    }

    /// Says it.
    ///
    /// # Errors
    /// When nobody reads stdout any more.
    pub fn say(&self) -> anyhow::Result<()> {
        Ok(crate::say(&serde_json::to_string(self)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::plan::Extent;
    use crate::demo::secrets::Secrets;
    use millrace_domain::SystemChance;
    use serde_json::{Value, json};

    fn floor(kiosks: usize) -> Floor {
        let folder = tempfile::tempdir().expect("a folder");
        let mut secrets = Secrets::load_or_make(folder.path(), &SystemChance).expect("makes");
        let extent = Extent::of(kiosks);
        secrets.extend(extent, &SystemChance);
        Floor { extent, secrets }
    }

    fn line(ready: &Ready) -> Value {
        serde_json::to_value(ready).expect("writes")
    }

    #[test]
    fn a_plain_server_says_where_it_is_and_no_more() {
        let said = line(&Ready::plain("http://127.0.0.1:1".into()));
        assert_eq!(said, json!({"ready": true, "url": "http://127.0.0.1:1"}));
    }

    #[test]
    fn a_demo_says_all_that_the_contract_names() {
        let said = line(&Ready::demo("http://127.0.0.1:1".into(), &floor(23), false));
        let count = |key: &str| said[key].as_array().map(Vec::len);
        assert_eq!((count("stations"), count("workers"), count("kiosks")), (Some(24), Some(40), Some(23)));
        assert!(said["admin"]["username"].is_string() && said["admin"]["password"].is_string());
        assert!(said["workers"][0]["pin"].as_str().expect("a PIN").parse::<u32>().expect("a number") >= 1000);
        assert_eq!(said["workers"][1]["pin"], Value::Null, "absent PINs are said as null");
        for number in 0..23 {
            let kiosk = &said["kiosks"][number];
            assert!(kiosk["id"].is_string() && kiosk["token"].is_string());
            assert_eq!(kiosk["stationCode"], said["stations"][number]["code"]);
        }
        assert!(said.get("free").is_none());
    }

    #[test]
    fn a_living_floor_says_what_it_leaves_alone() {
        let said = line(&Ready::demo(String::new(), &floor(23), true));
        for number in 0..FREE {
            assert_eq!(said["free"]["stations"][number], said["stations"][number]["code"]);
            assert_eq!(said["free"]["workers"][number], said["workers"][number]["code"]);
        }
        assert_eq!(said["free"]["stations"].as_array().map(Vec::len), Some(4));
    }

    #[test]
    fn more_kiosks_bring_as_many_stations_and_workers() {
        let said = line(&Ready::demo(String::new(), &floor(200), false));
        for key in ["kiosks", "stations", "workers"] {
            assert_eq!(said[key].as_array().map(Vec::len), Some(200), "{key}");
        }
        for number in 0..200 {
            assert_eq!(said["kiosks"][number]["stationCode"], said["stations"][number]["code"]);
        }
    }
}
