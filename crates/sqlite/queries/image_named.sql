-- Whether a report names this picture.
SELECT EXISTS (SELECT 1 FROM report_images WHERE image_id = ?) AS "is_taken!: bool"
