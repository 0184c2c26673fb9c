-- The station is the session's: kept here so that a station's history needs no join.
INSERT INTO status_events (
    id, session_id, status_definition_id, status, machine_state, time_class, reason_id, note,
    job_item_id, job_item_name, job_number, step_id, started_at, ended_at, epoch, version, unknown, estimated,
    shifted_from, station_id
)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, sessions.station_id
FROM sessions
WHERE sessions.id = ?2
