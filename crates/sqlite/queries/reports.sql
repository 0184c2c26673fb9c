-- Reports, the newest first. `?1` and `?2` are where the page before ended; `?4` leaves out those that are open.
SELECT
    id              AS "id!: uuid::Uuid",
    type            AS kind,
    state,
    station_id      AS "station_id!: uuid::Uuid",
    station_code,
    station_name,
    session_id      AS "session_id!: uuid::Uuid",
    worker_id       AS "worker_id!: uuid::Uuid",
    worker_name,
    status_event_id AS "status_event_id: uuid::Uuid",
    job_item_id     AS "job_item_id: uuid::Uuid",
    job_item_name,
    reason_id       AS "reason_id: uuid::Uuid",
    reason_labels,
    description,
    scrap,
    image_ids,
    (SELECT json_group_array(hex(images.id)) FROM images WHERE images.report_id = reports.id) AS "arrived!: String",
    occurred_at,
    changed_at,
    changed_by,
    version
FROM reports INDEXED BY reports_by_time
WHERE (occurred_at, id) < (?1, ?2)
  AND occurred_at >= ?3
  AND NOT (?4 AND state IN ('open', 'known', 'new'))
ORDER BY occurred_at DESC, id DESC
LIMIT ?5
