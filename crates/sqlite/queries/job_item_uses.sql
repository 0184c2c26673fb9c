-- What of the floor and of history needs an item, and where somebody works on it now.
SELECT
    (SELECT count(*) FROM sessions WHERE job_item_id = ?1)        AS "sessions!",
    (SELECT count(*) FROM status_events WHERE job_item_id = ?1)   AS "status_events!",
    (SELECT count(*) FROM quantity_ledger WHERE job_item_id = ?1) AS "counts!",
    (SELECT count(*) FROM reports WHERE job_item_id = ?1)         AS "reports!",
    (SELECT count(*) FROM approvals WHERE job_item_id = ?1)       AS "approvals!",
    (SELECT station_name FROM sessions WHERE job_item_id = ?1 AND status = 'active' LIMIT 1) AS "worked_on_at?"
