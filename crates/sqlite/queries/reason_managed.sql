WITH placed AS (
    SELECT
        reasons.*,
        reasons.kind || '/' || coalesce(stations.code, '') || '/' || printf('%04d', position) AS place
    FROM reasons
    LEFT JOIN stations ON stations.id = reasons.station_id
)
SELECT
    id         AS "id!: uuid::Uuid",
    station_id AS "station_id: uuid::Uuid",
    kind       AS "kind!",
    labels     AS "labels!",
    position   AS "position!",
    active     AS "active!: bool",
    version    AS "version!",
    place      AS "place!: String"
FROM placed
WHERE id = ?
