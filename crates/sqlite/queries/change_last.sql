SELECT ifnull(max("offset"), 0) AS "last!: i64" FROM changes
