-- The workers who are meant for some stations, a row for each. Who is meant for none in particular may use all.
SELECT
    workers.id                 AS "worker_id!: uuid::Uuid",
    workers.strict_stations    AS "strict!: bool",
    worker_stations.station_id AS "station_id!: uuid::Uuid"
FROM workers
JOIN worker_stations ON worker_stations.worker_id = workers.id
