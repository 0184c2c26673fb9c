-- Workers in service, by code, with what says whether they may use a station.
SELECT
    workers.id              AS "id!: uuid::Uuid",
    workers.code,
    workers.name,
    workers.language,
    workers.pin_hash IS NOT NULL AS "has_pin!: bool",
    workers.strict_stations AS "is_strict: bool",
    EXISTS (SELECT 1 FROM worker_stations WHERE worker_id = workers.id) AS "is_meant!: bool",
    EXISTS (SELECT 1 FROM worker_stations WHERE worker_id = workers.id AND station_id = ?1) AS "is_meant_here!: bool"
FROM workers
WHERE workers.active = 1
ORDER BY workers.code
