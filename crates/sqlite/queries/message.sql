SELECT
    id           AS "id!: uuid::Uuid",
    kiosk_id     AS "kiosk_id!: uuid::Uuid",
    text,
    sent_at,
    sent_by,
    shown_at,
    confirmed_at,
    version
FROM messages
WHERE id = ?
