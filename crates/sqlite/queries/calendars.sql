SELECT id AS "id!: uuid::Uuid", name, time_zone, shifts, exceptions, version
FROM shift_calendars
WHERE (name, id) > (?1, ?2)
ORDER BY name, id
LIMIT ?3
