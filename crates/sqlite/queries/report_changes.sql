SELECT version, state, actor, note, at FROM report_changes WHERE report_id = ? ORDER BY version
