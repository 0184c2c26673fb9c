SELECT
    id                  AS "id!: uuid::Uuid",
    code,
    name,
    department,
    language,
    pin_hash IS NOT NULL AS "has_pin!: bool",
    active              AS "active: bool",
    strict_stations     AS "strict_stations: bool",
    (
        SELECT json_group_array(lower(hex(station_id)) ORDER BY station_id)
        FROM worker_stations
        WHERE worker_id = workers.id
    )                   AS "station_ids!: String",
    version
FROM workers
WHERE id = ?
