-- What was sent under a picture's id, and for which report.
SELECT digest, report_id AS "report_id!: uuid::Uuid" FROM images WHERE id = ?
