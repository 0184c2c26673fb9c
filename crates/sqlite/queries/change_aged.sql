SELECT ifnull(max("offset"), 0) AS "aged!: i64"
FROM (SELECT "offset", at FROM changes ORDER BY "offset" LIMIT ?)
WHERE at < ?
