-- A kiosk and whether it is heard. One that was never heard is lost.
SELECT
    kiosks.id         AS "id!: uuid::Uuid",
    kiosks.name,
    kiosks.station_id AS "station_id: uuid::Uuid",
    ifnull(kiosk_contacts.contact, 'lost') AS "contact!: String",
    kiosk_contacts.last_contact_at         AS "last_contact_at: i64"
FROM kiosks
LEFT JOIN kiosk_contacts ON kiosk_contacts.kiosk_id = kiosks.id
WHERE kiosks.id = ? AND kiosks.revoked_at IS NULL
