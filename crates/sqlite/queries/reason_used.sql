SELECT
    EXISTS (SELECT 1 FROM status_events WHERE reason_id = ?1)
    OR EXISTS (SELECT 1 FROM quantity_ledger WHERE scrap_reason_id = ?1)
    OR EXISTS (SELECT 1 FROM reports WHERE reason_id = ?1) AS "used!: bool"
