UPDATE shift_calendars
SET name = ?3, time_zone = ?4, shifts = ?5, exceptions = ?6, version = version + 1
WHERE id = ?1 AND version = ?2
