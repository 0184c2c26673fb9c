SELECT id AS "id!: uuid::Uuid", name, time_zone, shifts, exceptions, version FROM shift_calendars WHERE id = ?
