-- A worker in service by a badge that is valid now, with the user he is, where he is one.
SELECT
    workers.pin_hash,
    users.username,
    users.role
FROM badges
JOIN workers ON workers.id = badges.worker_id AND workers.active = 1
JOIN users ON users.worker_id = workers.id AND users.active = 1
WHERE badges.code_hash = ?1
  AND badges.revoked_at IS NULL
  AND badges.valid_from <= ?2
  AND (badges.valid_to IS NULL OR badges.valid_to > ?2)
ORDER BY users.username
LIMIT 1
