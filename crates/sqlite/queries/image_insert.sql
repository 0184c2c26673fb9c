INSERT INTO images (id, report_id, content, media_type, width, height, digest, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
