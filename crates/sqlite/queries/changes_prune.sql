DELETE FROM changes WHERE "offset" <= ?
