SELECT ifnull(min("offset"), 1) AS "first!: i64" FROM changes
