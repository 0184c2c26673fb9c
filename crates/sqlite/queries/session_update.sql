-- Only over the version it was decided on.
UPDATE sessions
SET status = ?3,
    close_reason = ?4,
    provisional = ?5,
    current_status_id = ?6,
    current_status = ?7,
    last_status_change_at = ?8,
    ended_at = ?9,
    contact = ?10,
    last_contact_at = ?11,
    total_good = ?12,
    total_scrap = ?13,
    malfunction_count = ?14,
    version = ?15,
    job_id = ?16,
    job_number = ?17,
    job_item_id = ?18,
    job_item_name = ?19,
    step_id = ?20,
    count_missing = ?21,
    asked_at = ?22,
    reason_missing_from = ?23
WHERE id = ?1 AND version = ?2
