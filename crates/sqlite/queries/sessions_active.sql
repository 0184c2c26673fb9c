SELECT
    id                    AS "id!: uuid::Uuid",
    worker_id             AS "worker_id!: uuid::Uuid",
    worker_code,
    worker_name,
    station_id            AS "station_id!: uuid::Uuid",
    station_code,
    station_name,
    area_name,
    status,
    close_reason,
    provisional           AS "provisional: bool",
    current_status_id     AS "current_status_id: uuid::Uuid",
    current_status,
    last_status_change_at,
    started_at,
    ended_at,
    contact,
    last_contact_at,
    total_good,
    total_scrap,
    malfunction_count,
    version
FROM sessions
WHERE status = 'active'
ORDER BY station_code
