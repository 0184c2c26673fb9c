SELECT "offset", at, row FROM changes WHERE "offset" > ? ORDER BY "offset" LIMIT ?
