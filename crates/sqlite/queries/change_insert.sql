INSERT INTO changes ("offset", at, row) VALUES (?, ?, ?)
