DELETE FROM shift_calendars WHERE id = ?1 AND version = ?2
