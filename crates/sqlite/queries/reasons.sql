SELECT id AS "id!: uuid::Uuid", labels
FROM reasons
WHERE active = 1 AND kind = ?2 AND (station_id IS NULL OR station_id = ?1)
ORDER BY station_id IS NOT NULL, position
