SELECT
    id              AS "id!: uuid::Uuid",
    session_id      AS "session_id!: uuid::Uuid",
    status_event_id AS "status_event_id: uuid::Uuid",
    job_item_id     AS "job_item_id: uuid::Uuid",
    step_id         AS "step_id: uuid::Uuid",
    good,
    scrap,
    scrap_reason_id AS "scrap_reason_id: uuid::Uuid",
    note,
    counter_start,
    counter_end,
    kind,
    corrects_id     AS "corrects_id: uuid::Uuid",
    occurred_at
FROM quantity_ledger
WHERE session_id = ?
ORDER BY occurred_at, id
