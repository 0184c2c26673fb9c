-- A reason of one kind, where the station has it.
SELECT id AS "id!: uuid::Uuid", labels
FROM reasons
WHERE id = ?1 AND active = 1 AND kind = ?3 AND (station_id IS NULL OR station_id = ?2)
