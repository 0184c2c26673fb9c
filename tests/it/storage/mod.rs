//! The storage contract: what a database has to do for us, proved on each of them, every run.
//!
//! A case is written once, against the traits; each database runs all of them.

mod actions;
mod contacts;
mod log;
mod ownership;
mod planning;
mod rights;
mod trade;
pub(crate) mod world;

/// Runs every case on one database. A case is an async function that takes a fresh world.
macro_rules! contract {
    ($database:ident: $($module:ident::{$($case:ident),* $(,)?}),* $(,)?) => {
        mod $database {
            $(mod $module {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    crate::storage::$module::$case(crate::storage::world::$database().await).await;
                })*
            })*
        }
    };
}

contract!(sqlite:
    ownership::{
        opening_is_idempotent_for_its_instance,
        one_of_many_racing_for_a_station_gets_it,
        one_of_many_openings_of_a_worker_is_taken,
        a_takeover_raises_the_epoch_once,
        whoever_takes_over_is_there_and_is_not_asked_at_once,
        who_left_the_kiosk_opens_and_takes_nothing,
        only_its_worker_takes_a_session_over,
        a_discarded_session_is_gone_and_a_productive_one_is_not_discarded,
        a_handover_ends_one_session_and_opens_the_next_in_its_status,
        an_ended_session_takes_no_heartbeat,
        a_former_owner_does_not_say_when_a_session_that_was_not_heard_had_ended,
    },
    actions::{
        a_repeat_has_no_second_effect,
        a_number_means_one_action_for_ever,
        a_displaced_owner_writes_history_only,
        what_is_outside_its_epoch_waits_for_a_supervisor,
        a_refused_action_keeps_its_answer,
        an_action_of_another_worker_or_kiosk_changes_nothing_live,
        a_tap_in_the_future_counts_from_now,
        an_end_that_is_said_to_be_earlier_is_no_shift,
        a_reason_can_be_given_afterwards,
        a_displaced_owner_explains_his_own_stops_only,
        an_end_before_its_last_status_says_where_it_was_put,
        ended_sessions_stay_ended,
    },
    contacts::{
        a_heartbeat_is_no_change,
        heartbeats_that_come_together_are_answered_each_as_alone,
        who_was_told_to_beat_less_often_is_stale_later,
        contact_fades_and_comes_back,
        silence_ends_a_session_at_its_last_contact,
        racing_sweeps_and_heartbeats_leave_no_open_event,
        after_an_outage_nobody_is_closed,
        a_closing_heartbeat_prolongs_nothing,
    },
    log::{
        every_change_is_in_the_log_once_in_order,
        a_snapshot_and_what_follows_it_are_the_truth,
        one_bad_command_takes_no_other_with_it,
        what_was_answered_survives_the_process,
        the_log_is_pruned_from_its_beginning_and_offsets_go_on,
    },
    trade::{
        production_needs_an_item_whose_step_is_here,
        switching_items_splits_the_event_and_no_time_counts_twice,
        leaving_production_counts_once_in_ledger_balance_and_totals,
        scrap_says_why_and_makes_a_report,
        a_mandatory_report_comes_with_its_status_and_is_stored_once,
        what_comes_late_counts_and_changes_nothing_live,
        the_first_product_waits_for_its_approval,
        a_setup_ends_the_approvals_of_its_station,
        running_production_is_counted_at_handover_or_said_to_be_unknown,
        an_end_that_nobody_counted_is_marked_until_somebody_does,
        one_call_at_a_time_and_it_ends_with_its_session,
        the_ledger_is_only_added_to,
    },
    planning::{
        every_change_of_plan_is_told_once,
        of_two_changes_on_one_version_one_is_made,
        a_plan_that_fails_leaves_nothing,
        no_step_is_planned_at_a_station_out_of_use,
        steps_change_places_and_one_is_always_terminal,
        a_list_in_pages_has_each_job_once,
    },
    rights::{
        a_revoked_kiosk_and_a_logged_out_user_are_nobody,
        an_enrolment_code_works_once,
        a_sign_in_lasts_ten_minutes_without_a_session,
    },
);
