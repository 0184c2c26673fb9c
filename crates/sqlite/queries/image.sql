-- A picture, for whoever sees all of them, or for a worker at the kiosk that it came from, where the report is his.
SELECT images.content, images.digest
FROM images
JOIN reports ON reports.id = images.report_id
WHERE images.id = ?1 AND (?2 IS NULL OR (reports.kiosk_id = ?2 AND reports.worker_id = ?3))
