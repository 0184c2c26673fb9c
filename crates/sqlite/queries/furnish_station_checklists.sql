UPDATE stations SET
    start_checklist_id = COALESCE(?2, start_checklist_id),
    end_checklist_id   = COALESCE(?3, end_checklist_id)
WHERE id = ?1
