-- Its place in the list is text, so that a page can begin after it. No station comes before all stations.
WITH placed AS (
    SELECT
        status_definitions.*,
        coalesce(stations.code, '') || '/' || printf('%04d', position) || '/' || key AS place
    FROM status_definitions
    LEFT JOIN stations ON stations.id = status_definitions.station_id
)
SELECT
    id            AS "id!: uuid::Uuid",
    station_id    AS "station_id: uuid::Uuid",
    key           AS "key!",
    labels        AS "labels!",
    color         AS "color!",
    machine_state AS "machine_state!",
    time_class    AS "time_class!",
    reason_wanted AS "reason_wanted!",
    report_type   AS "report_type!",
    protected     AS "protected!: bool",
    position      AS "position!",
    active        AS "active!: bool",
    version       AS "version!",
    place         AS "place!: String"
FROM placed
WHERE (place, id) > (?1, ?2)
ORDER BY place, id
LIMIT ?3
