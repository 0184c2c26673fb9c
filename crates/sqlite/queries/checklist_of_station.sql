-- The list in force at a station for one moment.
SELECT
    checklists.id AS "id!: uuid::Uuid",
    checklists.name,
    checklists.items,
    checklists.active AS "active: bool",
    checklists.version
FROM stations
JOIN checklists
    ON checklists.id = CASE ?2 WHEN 'start' THEN stations.start_checklist_id ELSE stations.end_checklist_id END
WHERE stations.id = ?1 AND checklists.active = 1
