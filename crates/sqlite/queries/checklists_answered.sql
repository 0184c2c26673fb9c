SELECT
    moment,
    epoch,
    checklist_id AS "checklist_id!: uuid::Uuid",
    checklist_version,
    items,
    answers,
    at
FROM checklist_answers
WHERE session_id = ?
ORDER BY at, rowid
