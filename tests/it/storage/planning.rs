//! Jobs, items and steps: one command, one change record, one version.

use super::world::{World, refusal, station, uuid};
use millrace_domain::Refusal;
use millrace_domain::change::Row;
use millrace_domain::storage::{Actor, After, Asked, JobFilter};
use millrace_protocol::StationId;
use millrace_protocol::access::Role;
use millrace_protocol::job::{Job, JobItem};
use millrace_protocol::planning::{JobDraft, JobItemDraft, PipelineDraft, StepDraft};

fn ann() -> Actor {
    Actor { name: "ann".into(), role: Role::Supervisor }
}

fn job(number: &str) -> JobDraft {
    JobDraft { number: number.into(), customer: None, description: None, due_on: None }
}

fn steps(stations: &[StationId]) -> Vec<StepDraft> {
    let step = |station: &StationId| StepDraft {
        id: None,
        station_id: *station,
        planned_ms_per_piece: None,
        first_product_approval: false,
    };
    stations.iter().map(step).collect()
}

fn item(stations: &[StationId]) -> JobItemDraft {
    JobItemDraft { name: "Shaft".into(), planned_quantity: 10, steps: Some(steps(stations)), preset_id: None }
}

async fn made(world: &World, stations: &[StationId]) -> (Job, JobItem) {
    let job = world.storage.create_job(ann(), job("J-1")).await.expect("makes");
    let item = world.storage.create_job_item(ann(), job.id, item(stations)).await.expect("adds");
    (job, item)
}

/// What the log says of jobs and items: which of the two, whether it had been, whether it is.
async fn told(world: &World) -> Vec<(&'static str, bool, bool)> {
    let log = world.log().await;
    let rows = log.iter().filter_map(|change| match &change.row {
        Row::Jobs(pair) => Some(("job", pair.old.is_some(), pair.new.is_some())),
        Row::JobItems { item, .. } => Some(("item", item.old.is_some(), item.new.is_some())),
        _ => None,
    });
    rows.collect()
}

async fn rows(world: &World) -> i64 {
    world.count("jobs").await + world.count("job_items").await + world.count("job_steps").await
}

pub async fn every_change_of_plan_is_told_once(world: World) {
    let before = rows(&world).await;
    let (job_made, item) = made(&world, &[station(1), station(2)]).await;
    world.storage.change_job(ann(), job_made.id, 1, job("J-2")).await.expect("renames");
    let renamed = world.storage.job_item(item.id).await.expect("reads").expect("is there");
    assert_eq!((renamed.job_number.as_str(), renamed.version), ("J-2", 1), "its own version stays");
    world.storage.delete_job(ann(), job_made.id, 2).await.expect("removes");
    assert_eq!(
        told(&world).await,
        [
            ("job", false, true),
            ("item", false, true),
            ("item", true, true),
            ("job", true, true),
            ("item", true, false),
            ("job", true, false),
        ]
    );
    assert_eq!(rows(&world).await, before, "nothing is left of it");
    assert_eq!(world.count("audit_log WHERE actor = 'ann'").await, 4, "each command once");
}

pub async fn of_two_changes_on_one_version_one_is_made(world: World) {
    let (job_made, _) = made(&world, &[station(1)]).await;
    let (a, b) = tokio::join!(
        world.storage.change_job(ann(), job_made.id, 1, job("A")),
        world.storage.change_job(ann(), job_made.id, 1, job("B")),
    );
    let refused: Vec<Refusal> = [refusal(a), refusal(b)].into_iter().filter_map(Result::err).collect();
    assert_eq!(refused, [Refusal::VersionMismatch { current: 2 }]);
}

pub async fn a_plan_that_fails_leaves_nothing(world: World) {
    let (job_made, item_made) = made(&world, &[station(1), station(2)]).await;
    let nowhere = StationId(uuid(2, 200));
    let added = world.storage.create_job_item(ann(), job_made.id, item(&[station(1), nowhere])).await;
    assert!(matches!(refusal(added), Err(Refusal::Invalid { .. })));
    let draft = PipelineDraft { steps: steps(&[station(2), nowhere]) };
    let changed = world.storage.change_pipeline(ann(), item_made.id, 1, draft).await;
    assert!(matches!(refusal(changed), Err(Refusal::Invalid { .. })));
    let now = world.storage.job(job_made.id).await.expect("reads").expect("is there");
    assert_eq!(now.items, [item_made]);
}

pub async fn no_step_is_planned_at_a_station_out_of_use(world: World) {
    let (job_made, item_made) = made(&world, &[station(1), station(2)]).await;
    let database = world.folder.path().join("floor.db");
    millrace_tests::sql::run(&database, "UPDATE stations SET active = 0 WHERE code = 'S02'").await;
    let added = world.storage.create_job_item(ann(), job_made.id, item(&[station(2)])).await;
    assert!(matches!(refusal(added), Err(Refusal::Invalid { what }) if what.contains("Step 1")));
    let more = PipelineDraft { steps: steps(&[station(1), station(2), station(2)]) };
    let changed = world.storage.change_pipeline(ann(), item_made.id, 1, more).await;
    assert!(matches!(refusal(changed), Err(Refusal::Invalid { what }) if what.contains("Step 3")));
    // What was planned before stays: it can be changed around it, and taken out.
    let draft = JobItemDraft { name: "Axle".into(), ..item(&[station(1), station(2)]) };
    let renamed = world.storage.change_job_item(ann(), item_made.id, 1, draft).await.expect("renames");
    assert_eq!((renamed.name.as_str(), &renamed.steps), ("Axle", &item_made.steps));
    let without = PipelineDraft { steps: steps(&[station(1)]) };
    let changed = world.storage.change_pipeline(ann(), item_made.id, 2, without).await.expect("takes it out");
    assert!(changed.steps.len() == 1 && changed.steps[0].is_terminal);
}

pub async fn steps_change_places_and_one_is_always_terminal(world: World) {
    let (_, item) = made(&world, &[station(1), station(2), station(3)]).await;
    let mut version = 1;
    for order in [[3, 2, 1], [2, 1, 3], [1, 3, 2]] {
        let draft = PipelineDraft { steps: steps(&order.map(station)) };
        let changed = world.storage.change_pipeline(ann(), item.id, version, draft).await.expect("changes");
        version = changed.version;
        let places: Vec<_> = changed.steps.iter().map(|step| (step.station_id, step.is_terminal)).collect();
        assert_eq!(places, [(station(order[0]), false), (station(order[1]), false), (station(order[2]), true)]);
        for step in &changed.steps {
            let was = item.steps.iter().find(|was| was.station_id == step.station_id).expect("a step of it");
            assert_eq!(step.id, was.id, "a step stays itself");
        }
    }
    assert_eq!(version, 4);
}

pub async fn a_list_in_pages_has_each_job_once(world: World) {
    for number in ["pB", "pA", "pD", "pC", "pE"] {
        world.storage.create_job(ann(), job(number)).await.expect("makes");
    }
    let (mut seen, mut after) = (Vec::new(), Some(After::default()));
    while let Some(from) = after {
        let page = world.storage.jobs(JobFilter::default(), Asked { after: from, limit: 2 }).await.expect("reads");
        seen.extend(page.items.into_iter().map(|job| job.number));
        after = page.next;
    }
    seen.retain(|number| number.starts_with('p'));
    assert_eq!(seen, ["pA", "pB", "pC", "pD", "pE"]);
    let same = world.storage.create_job(ann(), job("pA")).await;
    assert!(matches!(refusal(same), Err(Refusal::Conflict { .. })));
}
