-- The report of a kiosk that names a picture: the first, should there be several.
SELECT reports.id AS "id!: uuid::Uuid"
FROM report_images
JOIN reports ON reports.id = report_images.report_id
WHERE report_images.image_id = ?1 AND reports.kiosk_id = ?2
ORDER BY reports.id
LIMIT 1
