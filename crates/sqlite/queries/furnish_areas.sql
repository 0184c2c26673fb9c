-- Areas work by a calendar: the parameter is a JSON array, one element a calendar with the names of its areas.
UPDATE areas SET calendar_id = (
    SELECT unhex(row.value ->> 'id', '-')
    FROM json_each(?1) AS row
    WHERE EXISTS (SELECT 1 FROM json_each(row.value, '$.areas') AS area WHERE area.value = areas.name)
)
WHERE calendar_id IS NULL
