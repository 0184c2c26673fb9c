-- Whether the opening of a session lies in quarantine: then all that follows in it does.
SELECT EXISTS (
    SELECT 1 FROM quarantine
    WHERE session_id = ? AND path IN ('/api/sessions', '/api/sessions/handover')
) AS "holds!: bool"
