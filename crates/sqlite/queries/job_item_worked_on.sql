-- Where somebody works on an item now.
SELECT station_name FROM sessions WHERE job_item_id = ? AND status = 'active' LIMIT 1
