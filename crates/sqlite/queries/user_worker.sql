-- A user who may act, and the worker he is, where he is one.
SELECT worker_id AS "worker_id: uuid::Uuid" FROM users WHERE username = ? AND active = 1
