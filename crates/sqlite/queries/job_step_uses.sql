-- Whether the floor or history needs a step.
SELECT EXISTS (SELECT 1 FROM sessions WHERE step_id = ?1)
    OR EXISTS (SELECT 1 FROM status_events WHERE step_id = ?1)
    OR EXISTS (SELECT 1 FROM quantity_ledger WHERE step_id = ?1)
    OR EXISTS (SELECT 1 FROM approvals WHERE step_id = ?1) AS "used!: bool"
