-- Whose session and where: of the session it names, else as far as the entry says it itself.
INSERT INTO quarantine (
    id, kiosk_id, seq, session_id, path, body, problem, reason, occurred_at, at, undoes_id, worker_name, station_name
)
SELECT
    ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,
    coalesce((SELECT worker_name FROM sessions WHERE id = ?4), ?12),
    coalesce((SELECT station_name FROM sessions WHERE id = ?4), ?13)
RETURNING worker_name, station_name
