-- The calendar by which a station's area works.
SELECT c.id AS "id!: uuid::Uuid", c.name, c.time_zone, c.shifts, c.exceptions, c.version
FROM stations AS s
JOIN areas AS a ON a.id = s.area_id
JOIN shift_calendars AS c ON c.id = a.calendar_id
WHERE s.id = ?
