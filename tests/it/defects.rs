//! The defects of earlier systems (design, "How we know it works"), each with the tests here that fail on it.
//!
//! It does not judge whether a test is a good one; it sees that each defect has one, and that it is still there.

use millrace_tests::generated::repository;

/// A defect, and its tests: a file and a function in it.
const DEFECTS: &[(&str, &[(&str, &str)])] = &[
    (
        "sessions that ended stay on the board",
        &[
            ("tests/it/api/sessions.rs", "a_worker_signs_in_opens_works_and_ends_and_the_board_sees_it"),
            ("tests/it/streams/oracle.rs", "every_client_ends_with_what_the_database_has"),
        ],
    ),
    (
        "a closed session accepts events, or comes back by a checklist call or a heartbeat",
        &[
            ("tests/it/storage/actions.rs", "ended_sessions_stay_ended"),
            ("tests/it/storage/ownership.rs", "an_ended_session_takes_no_heartbeat"),
            ("tests/it/api/amendments.rs", "a_supervisor_closes_a_session_and_it_stays_closed"),
        ],
    ),
    (
        "two workers at one station by a race",
        &[
            ("tests/it/storage/ownership.rs", "one_of_many_racing_for_a_station_gets_it"),
            ("tests/it/api/sessions.rs", "of_many_who_race_for_a_station_one_gets_it"),
        ],
    ),
    (
        "two idle sweeps leave an open event",
        &[("tests/it/storage/contacts.rs", "racing_sweeps_and_heartbeats_leave_no_open_event")],
    ),
    (
        "a sweep closes a session whose heartbeat came in between, or closes at now and invents production time",
        &[
            ("tests/it/storage/contacts.rs", "racing_sweeps_and_heartbeats_leave_no_open_event"),
            ("tests/it/storage/contacts.rs", "silence_ends_a_session_at_its_last_contact"),
            ("tests/it/api/watch.rs", "contact_fades_then_the_session_is_closed_at_its_last_contact"),
        ],
    ),
    (
        "a step of another station can be bound",
        &[("tests/it/storage/trade.rs", "production_needs_an_item_whose_step_is_here")],
    ),
    (
        "item time counted twice",
        &[("tests/it/storage/trade.rs", "switching_items_splits_the_event_and_no_time_counts_twice")],
    ),
    (
        "quantities in two places that disagree after a deletion",
        &[
            ("tests/it/storage/trade.rs", "leaving_production_counts_once_in_ledger_balance_and_totals"),
            ("tests/it/model/mod.rs", "server_and_model_never_disagree"),
        ],
    ),
    (
        "mandatory report, approval, scrap report and assignment checked only on screen",
        &[
            ("tests/it/api/actions.rs", "a_status_asks_for_what_it_wants"),
            ("tests/it/api/desk/approvals.rs", "production_waits_for_its_first_product_and_a_setup_asks_anew"),
            ("tests/it/api/corrections.rs", "scrap_that_a_worker_corrects_says_why"),
            ("tests/it/api/corrections.rs", "a_worker_corrects_nothing_into_production_that_was_not_approved"),
            (
                "tests/it/api/assignments.rs",
                "a_worker_who_is_kept_to_his_stations_is_shown_no_others_and_refused_there",
            ),
        ],
    ),
    (
        "a retried report stored twice",
        &[("tests/it/api/actions.rs", "a_repeated_action_gets_its_answer_again_and_has_no_second_effect")],
    ),
    (
        "after a restart in production the quantities can't be reported",
        &[("tests/it/engine/mod.rs", "what_was_made_before_a_restart_in_production_is_counted_after_it")],
    ),
    (
        "a displaced kiosk still writes",
        &[
            ("tests/it/storage/actions.rs", "a_displaced_owner_writes_history_only"),
            ("tests/it/api/claims.rs", "after_a_takeover_the_first_owner_touches_nothing_live"),
            ("tests/it/api/corrections.rs", "a_former_owner_corrects_what_is_over_of_his_own_and_nothing_else"),
        ],
    ),
    (
        "the unload beacon prolongs a dead session",
        &[("tests/it/storage/contacts.rs", "a_closing_heartbeat_prolongs_nothing")],
    ),
    (
        "every heartbeat becomes a board event",
        &[
            ("tests/it/storage/contacts.rs", "a_heartbeat_is_no_change"),
            ("tests/it/api/claims.rs", "a_heartbeat_makes_no_event"),
        ],
    ),
    (
        "the stream gives up after five tries",
        &[(
            "crates/kiosk/src/stream/reader_tests.rs",
            "snapshots_are_fetched_while_the_stream_fails_and_the_stream_goes_on_from_them",
        )],
    ),
    (
        "a board that looks live but is minutes old",
        &[
            ("crates/kiosk/src/stream/reader_tests.rs", "a_stream_that_falls_silent_is_given_up"),
            ("tests/it/streams/clients.rs", "a_pulled_cable_is_noticed_and_nothing_is_missed"),
        ],
    ),
    (
        "migrations that don't run from empty",
        &[
            ("tests/it/plans.rs", "no_query_reads_through_history"),
            ("tests/it/api/statuses.rs", "a_plant_that_begins_with_nothing_has_the_statuses_that_a_session_needs"),
        ],
    ),
];

#[test]
fn every_defect_of_earlier_systems_has_a_test_that_is_there() {
    let mut wrong = vec![];
    for (defect, tests) in DEFECTS {
        if tests.is_empty() {
            wrong.push(format!("{defect}: has no test"));
        }
        for (file, test) in *tests {
            let text = std::fs::read_to_string(repository().join(file)).unwrap_or_default();
            if !text.contains(&format!("fn {test}(")) {
                wrong.push(format!("{defect}: no test {test} in {file}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(DEFECTS.len(), 17, "the design names seventeen");
}
