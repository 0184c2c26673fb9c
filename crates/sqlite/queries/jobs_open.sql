-- Every job that is not archived, by number.
SELECT
    id AS "id!: uuid::Uuid",
    number,
    customer,
    description,
    due_on,
    archived_at,
    version
FROM jobs
WHERE archived_at IS NULL
ORDER BY number
