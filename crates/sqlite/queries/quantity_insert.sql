INSERT INTO quantity_ledger (
    id, session_id, status_event_id, job_item_id, step_id, good, scrap, scrap_reason_id, note,
    counter_start, counter_end, kind, corrects_id, occurred_at, at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
