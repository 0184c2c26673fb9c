-- The parameter is a JSON array, one element a checklist.
INSERT INTO checklists (id, name, items)
SELECT unhex(row.value ->> 'id', '-'), row.value ->> 'name', row.value -> 'items'
FROM json_each(?) AS row
