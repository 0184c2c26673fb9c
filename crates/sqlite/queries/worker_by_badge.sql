SELECT workers.id AS "id!: uuid::Uuid", workers.code, workers.name, workers.language, workers.pin_hash
FROM badges
JOIN workers ON workers.id = badges.worker_id AND workers.active = 1
WHERE badges.code_hash = ?1
    AND badges.revoked_at IS NULL
    AND badges.valid_from <= ?2
    AND (badges.valid_to IS NULL OR badges.valid_to > ?2)
