-- Badges that are valid now.
SELECT worker_id AS "worker_id!: uuid::Uuid", code_hash
FROM badges
WHERE revoked_at IS NULL AND valid_from <= ?1 AND (valid_to IS NULL OR valid_to > ?1)
