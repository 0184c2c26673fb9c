-- The items of one version of a list.
SELECT items FROM checklist_versions WHERE checklist_id = ? AND version = ?
