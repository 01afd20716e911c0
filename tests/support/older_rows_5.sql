-- Rows in the tables that came with schema 5, and what schema 5 lets older columns say.
INSERT INTO grouping_due VALUES (3, '2026-02-02T09:00:00Z');
INSERT INTO listing_shapes (id, source_id, url, run_id, at, shape)
VALUES (1, 'portal', 'https://portal.test/', 1, '2026-02-01T09:00:05Z', '{"items": 5}');
INSERT INTO held_answers (id, source_id, url, first_at, last_at, times, reasons, shape, items, ended_at, ended_by)
VALUES (1, 'portal', 'https://portal.test/', '2026-02-02T09:00:00Z', '2026-02-02T10:00:00Z', 2, '["few items"]',
        '{"items": 1}', '[]', '2026-02-02T11:00:00Z', 'accepted');
UPDATE runs SET error = 'killed' WHERE id = 2;
