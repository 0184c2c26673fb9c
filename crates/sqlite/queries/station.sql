SELECT
    stations.id AS "id!: uuid::Uuid",
    stations.code,
    stations.name,
    stations.minor_stop_ms,
    areas.name  AS "area?"
FROM stations
LEFT JOIN areas ON areas.id = stations.area_id
WHERE stations.id = ? AND stations.active = 1
