INSERT INTO checklist_answers (session_id, moment, epoch, checklist_id, checklist_version, items, answers, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
