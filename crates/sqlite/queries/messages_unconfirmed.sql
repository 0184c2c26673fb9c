-- What nobody at a kiosk has confirmed, the oldest first.
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
WHERE kiosk_id = ? AND confirmed_at IS NULL
ORDER BY sent_at, id
