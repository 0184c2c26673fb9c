INSERT INTO report_images (image_id, report_id) VALUES (?, ?) ON CONFLICT DO NOTHING
