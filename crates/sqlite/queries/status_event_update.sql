-- Only over the version it was decided on.
UPDATE status_events
SET reason_id = ?3,
    note = ?4,
    started_at = ?5,
    ended_at = ?6,
    version = ?7,
    status_definition_id = ?8,
    status = ?9,
    machine_state = ?10,
    time_class = ?11,
    job_item_id = ?12,
    job_item_name = ?13,
    job_number = ?14,
    step_id = ?15,
    unknown = ?16,
    voided = ?17
WHERE id = ?1 AND version = ?2
