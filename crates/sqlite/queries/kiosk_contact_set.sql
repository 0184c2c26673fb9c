INSERT INTO kiosk_contacts (kiosk_id, contact, last_contact_at) VALUES (?, ?, ?)
ON CONFLICT (kiosk_id) DO UPDATE SET contact = excluded.contact, last_contact_at = excluded.last_contact_at
