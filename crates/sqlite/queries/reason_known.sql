SELECT EXISTS (
    SELECT 1
    FROM reasons
    WHERE id = ?1 AND active = 1 AND kind = 'stop' AND (station_id IS NULL OR station_id = ?2)
) AS "known!: bool"
