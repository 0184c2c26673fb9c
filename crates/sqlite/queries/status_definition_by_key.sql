SELECT
    id            AS "id!: uuid::Uuid",
    key,
    labels,
    color,
    machine_state,
    time_class,
    reason_wanted,
    report_type,
    protected     AS "protected: bool"
FROM status_definitions
WHERE key = ? AND station_id IS NULL
