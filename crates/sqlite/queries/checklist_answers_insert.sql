-- Who ends a session that was ended and came back answers anew: the last answers are those of its end.
INSERT INTO checklist_answers (session_id, moment, epoch, checklist_id, checklist_version, items, answers, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (session_id, moment, epoch) DO UPDATE SET
    checklist_id = excluded.checklist_id,
    checklist_version = excluded.checklist_version,
    items = excluded.items,
    answers = excluded.answers,
    at = excluded.at
