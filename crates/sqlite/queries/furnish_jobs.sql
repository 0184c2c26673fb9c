-- The parameter is a JSON array, one element a job with its items and their steps; so for the two queries after it.
INSERT INTO jobs (id, number, customer, description, due_on, archived_at)
SELECT
    unhex(job.value ->> 'id', '-'),
    job.value ->> 'number',
    job.value ->> 'customer',
    job.value ->> 'description',
    job.value ->> 'due_on',
    job.value ->> 'archived_at'
FROM json_each(?) AS job
