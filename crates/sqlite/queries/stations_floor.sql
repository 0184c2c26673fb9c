-- Every station, in use or not.
SELECT
    stations.id      AS "id!: uuid::Uuid",
    stations.code,
    stations.name,
    stations.kind,
    stations.area_id AS "area_id: uuid::Uuid",
    areas.name       AS "area?",
    stations.active  AS "active: bool"
FROM stations
LEFT JOIN areas ON areas.id = stations.area_id
ORDER BY stations.code
