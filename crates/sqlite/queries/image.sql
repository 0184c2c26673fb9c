-- A picture, for whoever sees all of them (no kiosk) or for the kiosk it came from.
SELECT images.content, images.digest
FROM images
JOIN reports ON reports.id = images.report_id
WHERE images.id = ?1 AND (?2 IS NULL OR reports.kiosk_id = ?2)
