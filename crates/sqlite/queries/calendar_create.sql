INSERT INTO shift_calendars (id, name, time_zone, shifts, exceptions) VALUES (?, ?, ?, ?, ?)
