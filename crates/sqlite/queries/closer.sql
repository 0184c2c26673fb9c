-- The supervisor who closed a session.
SELECT actor, reason FROM amendments WHERE session_id = ? AND kind = 'close' ORDER BY at DESC LIMIT 1
