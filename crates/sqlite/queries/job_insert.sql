INSERT INTO jobs (id, number, customer, description, due_on) VALUES (?, ?, ?, ?, ?)
