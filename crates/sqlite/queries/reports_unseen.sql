-- Malfunctions that nobody has looked at.
SELECT
    reports.id              AS "id!: uuid::Uuid",
    reports.type            AS kind,
    reports.state,
    reports.station_id      AS "station_id!: uuid::Uuid",
    reports.station_code,
    reports.station_name,
    reports.session_id      AS "session_id!: uuid::Uuid",
    reports.worker_id       AS "worker_id!: uuid::Uuid",
    reports.worker_name,
    reports.status_event_id AS "status_event_id: uuid::Uuid",
    reports.job_item_id     AS "job_item_id: uuid::Uuid",
    reports.job_item_name,
    reports.reason_id       AS "reason_id: uuid::Uuid",
    reports.reason_labels,
    reports.description,
    reports.scrap,
    reports.image_ids,
    -- Which of them are here.
    (SELECT json_group_array(hex(images.id)) FROM images WHERE images.report_id = reports.id) AS "arrived!: String",
    reports.occurred_at,
    reports.changed_at,
    reports.changed_by,
    reports.version
FROM reports
WHERE reports.type = 'malfunction' AND reports.state IN ('open', 'known', 'new') AND reports.state = 'open'
