-- What a station can't be removed for. A worker who was meant for it alone would be meant for all.
SELECT CASE
    WHEN EXISTS (SELECT 1 FROM sessions WHERE station_id = ?1) THEN 'sessions'
    WHEN EXISTS (SELECT 1 FROM job_steps WHERE station_id = ?1) THEN 'steps'
    WHEN EXISTS (
        SELECT 1
        FROM step_presets, json_each(step_presets.steps) AS step
        WHERE step.value ->> '$.stationId' = ?2
    ) THEN 'presets'
    WHEN EXISTS (SELECT 1 FROM worker_stations WHERE station_id = ?1) THEN 'workers'
    WHEN EXISTS (SELECT 1 FROM kiosks WHERE station_id = ?1) THEN 'kiosks'
    WHEN EXISTS (SELECT 1 FROM enrolment_codes WHERE station_id = ?1) THEN 'enrolmentCodes'
    WHEN EXISTS (SELECT 1 FROM status_definitions WHERE station_id = ?1) THEN 'statuses'
    WHEN EXISTS (SELECT 1 FROM reasons WHERE station_id = ?1) THEN 'reasons'
END AS "by: String"
