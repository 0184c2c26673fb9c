-- The balance of a step is what its entries say.
UPDATE job_steps SET good = entries.good, scrap = entries.scrap
FROM (SELECT step_id, SUM(good) AS good, SUM(scrap) AS scrap FROM quantity_ledger GROUP BY step_id) AS entries
WHERE entries.step_id = job_steps.id
