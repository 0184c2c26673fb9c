-- Kiosks that worked then were there then.
UPDATE kiosks SET enrolled_at = ?1 WHERE enrolled_at > ?1
