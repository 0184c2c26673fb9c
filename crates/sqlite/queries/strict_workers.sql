-- The stations of workers who may use no others. Who is meant for none in particular may use all.
SELECT
    workers.id                 AS "worker_id!: uuid::Uuid",
    worker_stations.station_id AS "station_id!: uuid::Uuid"
FROM workers
JOIN worker_stations ON worker_stations.worker_id = workers.id
WHERE workers.strict_stations = 1
