SELECT
    kiosks.id         AS "id!: uuid::Uuid",
    kiosks.name,
    kiosks.station_id AS "station_id: uuid::Uuid",
    stations.code     AS "station_code?",
    kiosks.program,
    kiosks.enrolled_at,
    max(
        kiosks.enrolled_at,
        ifnull((SELECT max(last_seen_at) FROM leases WHERE kiosk_id = kiosks.id), 0),
        ifnull((SELECT touched_at FROM sign_ins WHERE kiosk_id = kiosks.id), 0),
        ifnull((SELECT at FROM actions WHERE kiosk_id = kiosks.id AND seq = kiosks.last_seq), 0)
    )                 AS "last_contact_at!: i64",
    kiosks.revoked_at,
    kiosks.version
FROM kiosks
LEFT JOIN stations ON stations.id = kiosks.station_id
WHERE kiosks.id = ?
