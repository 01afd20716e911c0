-- Rows in every table that schemas 3 to 5 have (those that came with 5 are in older_rows_5.sql), and a row of each that numbers itself taken away again from the end.
INSERT INTO sources (id, name, homepage, publisher, language, kind, licence, licence_url, expected_every_hours, min_items, enabled)
VALUES ('portal', 'Portal', 'https://portal.test/', 'Portal', 'uk', 'feed', 'CC BY 4.0', 'https://cc.test/', 24, 1, 1),
       ('letter', 'Letter', 'https://letter.test/', 'Letter', 'en', 'html', NULL, NULL, 48, 5, 0);
INSERT INTO stories (id, first_published_at, published_on, waits, first_seen_at)
VALUES (1, '2026-02-01T08:00:00Z', '2026-02-01', 1, '2026-02-01T09:00:00Z'), (2, NULL, NULL, 0, '2026-02-02T09:00:00Z'),
       (9, NULL, NULL, 0, '2026-02-02T09:00:00Z');
INSERT INTO articles (id, source_id, key, language, url, title, lead, title_hash, lead_hash, published_at,
    published_precision, published_origin, published_on, attribution, author, first_seen_at, last_seen_at, gone_at,
    look_again_at, content_hash, story_id)
VALUES (1, 'portal', '1', 'uk', 'https://portal.test/1', 'Угода громад', 'Підписали.', 'h1', 'l1', '2026-02-01T08:00:00Z', 'minute',
        'feed', '2026-02-01', 'Letter', 'Олена', '2026-02-01T09:00:00Z', '2026-02-03T09:00:00Z', NULL,
        '2026-02-04T09:00:00Z', 'c1', 1),
       (2, 'letter', '1', 'en', 'https://letter.test/1', 'A deal of hromadas', '', 'h2', '', '2026-02-01', 'day', 'page',
        '2026-02-01', '', '', '2026-02-01T09:00:00Z', '2026-02-03T09:00:00Z', '2026-02-03T09:00:00Z', NULL, 'c2', 1),
       (3, 'portal', '2', 'uk', 'https://portal.test/2', 'Без дати', '', 'h3', '', NULL, NULL, NULL, NULL, '', '',
        '2026-02-02T09:00:00Z', '2026-02-02T09:00:00Z', NULL, NULL, 'c3', 2);
UPDATE stories SET uk_article_id = 1, en_article_id = 2, uk_lead_id = 1, en_link_id = 2 WHERE id = 1;
UPDATE stories SET uk_article_id = 3 WHERE id = 2;
UPDATE stories SET merged_into = 1 WHERE id = 9;
INSERT INTO article_urls VALUES ('https://portal.test/1', 1, '2026-02-01T09:00:00Z');
INSERT INTO article_versions (id, article_id, title, lead, title_hash, lead_hash, first_seen_at, last_seen_at)
VALUES (1, 1, 'Угода', '', 'h0', '', '2026-02-01T09:00:00Z', '2026-02-01T10:00:00Z'),
       (2, 1, 'Угода громад', 'Підписали.', 'h1', 'l1', '2026-02-01T11:00:00Z', '2026-02-03T09:00:00Z');
INSERT INTO article_observations VALUES (1, 'feed', 'h1', 'l1');
INSERT INTO article_tags VALUES (1, 'бюджет');
INSERT INTO article_regions VALUES (1, 'Київська');
INSERT INTO story_links (id, article_id, other_id, verdict, method, score, evidence, reason, decided_by, decided_at)
VALUES (5, 2, 1, 'same', 'same_key', 1.0, '{"key": "1"}', 'one key', 'machine', '2026-02-01T09:00:00Z');
INSERT INTO story_words VALUES (470, 12345, 1, 200), (0, 777, 2, 0);
INSERT INTO translations (id, text_hash, source_text, source_language, target_language, text, engine, model, glossary,
    state, reasons, score, attempts, created_at, steps)
VALUES (1, 'h3', 'Без дати', 'uk', 'en', 'Without a date', 'argos', 'm', 'g', 'flagged', '["form"]', 0.5, 2,
        '2026-02-02T10:00:00Z', '["retry"]'),
       (2, 'l1', 'Підписали.', 'uk', 'en', NULL, 'argos', 'm', 'g', 'failed', '["empty"]', NULL, 3,
        '2026-02-02T10:00:00Z', '[]');
INSERT INTO ledger_basis VALUES (1, 'argos m g', '2026-02-02T10:00:00Z');
INSERT INTO translation_edits (id, source_text, text_hash, text, edited_by, edited_at)
VALUES (3, 'Без дати', 'h3', 'No date', 'olena', '2026-02-02T11:00:00Z');
INSERT INTO evaluations (measured_at, engine, model, month, headlines, withheld, flags_per_100, names_expected,
    names_right, regions_expected, regions_right, numbers_expected, numbers_right, terms_expected, terms_right)
VALUES ('2026-02-02', 'argos', 'm', NULL, 10, 1, 2.5, 4, 3, 2, 2, 5, 5, 1, 0);
INSERT INTO places VALUES ('UA32', 'oblast', 'Київська', 'Kyiv', NULL, 50.4, 30.5),
                          ('UA3201', 'hromada', 'Бучанська', 'Bucha', 'UA32', NULL, NULL);
INSERT INTO article_places VALUES (1, 'UA3201', 'Бучанська');
INSERT INTO article_unclear_places VALUES (3, 'Миколаївська', '["UA1", "UA2"]');
INSERT INTO topics VALUES ('budget', 'Бюджет', 'Budget');
INSERT INTO article_topics VALUES (1, 'budget', 'бюджет');
INSERT INTO article_rules VALUES (1, 'r1');
INSERT INTO runs (id, command, started_at, finished_at, exit_code, version)
VALUES (1, 'ingest', '2026-02-01T09:00:00Z', '2026-02-01T09:00:10Z', 0, '0.1.0'),
       (2, 'ingest', '2026-02-02T09:00:00Z', NULL, NULL, '0.1.0');
INSERT INTO source_runs (run_id, source_id, state, listed, new, edited, unchanged, duplicate, rejected, requests, bytes,
    seconds, at)
VALUES (1, 'portal', 'ok', 5, 1, 1, 1, 1, 1, 3, 1000, 1.5, '2026-02-01T09:00:05Z'),
       (2, 'letter', 'blocked', 0, 0, 0, 0, 0, 0, 1, 0, 0.1, '2026-02-02T09:00:05Z');
INSERT INTO requests (id, run_id, source_id, url, status, bytes, seconds, error, at)
VALUES (1, 1, 'portal', 'https://portal.test/', 200, 1000, 0.3, NULL, '2026-02-01T09:00:01Z');
INSERT INTO problems (id, source_id, stage, url, message, first_at, last_at, times, resolved_at)
VALUES (1, 'letter', 'fetch', 'https://letter.test/', 'HTTP 403', '2026-02-01T09:00:00Z', '2026-02-02T09:00:00Z', 2, NULL),
       (2, NULL, 'model', '', 'no model', '2026-02-01T09:00:00Z', '2026-02-01T09:00:00Z', 1, '2026-02-01T12:00:00Z'),
       (8, 'portal', 'drift', '', 'few items', '2026-02-01T09:00:00Z', '2026-02-01T09:00:00Z', 1, NULL);
INSERT INTO validators VALUES ('https://portal.test/', 'portal', '"e"', 'Mon', 'b', '2026-02-01T09:00:00Z');
INSERT INTO listing_progress VALUES ('https://portal.test/', 'portal', 3, 7);
INSERT INTO hosts VALUES ('portal.test', '2026-02-03T00:00:00Z', 'User-agent: *', '2026-02-01T09:00:00Z');
INSERT INTO digests (id, name, sealed_at, started_at, fixed_at, exported, settings)
VALUES (1, 'issue-1', '2026-02-02T12:00:00Z', '2026-02-01T12:00:00Z', NULL, '{"a.md": "1"}', '{}'),
       (2, 'issue-2', NULL, '2026-02-02T12:00:00Z', '2026-02-02T13:00:00Z', '{}', NULL);
INSERT INTO digest_entries (digest_id, story_id, position, section, title_uk, title_en, title_en_by, note, late,
    published_on, links, places, in_full, article_id, title_hash, marks)
VALUES (1, 1, 1, 'other', 'Угода громад', 'A deal of hromadas', 'publisher', 'Добре!', 0, '2026-02-01',
        '[["portal", "Portal", "https://portal.test/1", "uk", "2026-02-01"]]', '[["Київська", "Kyiv"]]', 1, 1, 'h1', '[]');
INSERT INTO digest_choices (digest_id, story_id, included, section, position, title_uk, title_en, note)
VALUES (2, 2, 1, 'other', 1, NULL, 'No date yet', 'later'), (2, 1, 0, NULL, NULL, NULL, NULL, 'too old');
INSERT INTO digest_drops (id, story_id, digest_id, wording, reason, dropped_at)
VALUES (4, 9, 1, 'w', 'off topic', '2026-02-02T12:00:00Z');
INSERT INTO news_fts (rowid, title_uk, title_en, lead_uk, lead_en) VALUES (1, 'Угода громад', 'A deal of hromadas', '', '');
DELETE FROM problems WHERE id = 8;
DELETE FROM digest_drops WHERE id = 4;
INSERT INTO digest_drops (id, story_id, digest_id, wording, reason, dropped_at)
VALUES (3, 2, 1, 'w', 'off topic', '2026-02-02T12:00:00Z');
