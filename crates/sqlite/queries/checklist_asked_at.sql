-- A station that asks it.
SELECT code FROM stations WHERE start_checklist_id = ?1 OR end_checklist_id = ?1 ORDER BY code LIMIT 1
