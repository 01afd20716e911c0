-- The whole schema of the one SQLite file. Times are UTC ISO 8601 text (`2026-02-20T14:18:00Z`);
-- a value that is known only to the day is `2026-02-20`, the calendar day in Kyiv.
-- Ids are INTEGER PRIMARY KEY AUTOINCREMENT: they grow with arrival and are never reused, so "newest first"
-- is free and row ids survive VACUUM. A change here needs a step in migrations.py; the shape test compares both.

-- ── Sources ────────────────────────────────────────────────────────────────────────────────────────────────

-- A site that we read. Written from scrapers/sources/*.py at every ingest; edit the files, not the rows.
CREATE TABLE sources (
    id                   TEXT PRIMARY KEY,
    name                 TEXT NOT NULL,
    homepage             TEXT NOT NULL,
    publisher            TEXT NOT NULL,
    language             TEXT NOT NULL CHECK (language IN ('uk', 'en')),  -- of most titles
    kind                 TEXT NOT NULL CHECK (kind IN ('feed', 'rest', 'html')),
    licence              TEXT,                     -- NULL: not known; then only headline, lead and link are kept
    licence_url          TEXT,
    expected_every_hours INTEGER NOT NULL,         -- longer silence than this needs a look
    min_items            INTEGER NOT NULL,         -- fewer on the first page is reported as drift
    enabled              INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    name_en              TEXT NOT NULL DEFAULT ''  -- as English text calls it; empty until an ingest of a later version
) STRICT;

-- ── Stories and articles ───────────────────────────────────────────────────────────────────────────────────

-- The group of articles that report the same thing: the unit of the reader, the digest and the map.
CREATE TABLE stories (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    first_published_at TEXT,                       -- earliest date of its articles; NULL while none is known
    published_on       TEXT,                       -- the day shown: the earliest of its articles, in Kyiv; NULL if unknown
    uk_article_id      INTEGER REFERENCES articles (id),  -- whose Ukrainian headline the story shows
    en_article_id      INTEGER REFERENCES articles (id),  -- whose English headline the story shows
    merged_into        INTEGER REFERENCES stories (id),   -- set: this story lives on under that id
    waits              INTEGER NOT NULL DEFAULT 1 CHECK (waits IN (0, 1)),  -- 1: what it shows may still lack English
    first_seen_at      TEXT NOT NULL,
    -- Whose lead and address the story shows in each language; NULL: those of the article that gives the headline.
    uk_lead_id         INTEGER REFERENCES articles (id),
    en_lead_id         INTEGER REFERENCES articles (id),
    uk_link_id         INTEGER REFERENCES articles (id),
    en_link_id         INTEGER REFERENCES articles (id)
) STRICT;
CREATE INDEX stories_newest ON stories (published_on DESC, id DESC) WHERE merged_into IS NULL;
CREATE INDEX stories_waiting ON stories (id) WHERE waits = 1;
CREATE INDEX stories_merged ON stories (merged_into) WHERE merged_into IS NOT NULL;

-- One language edition of one publication.
CREATE TABLE articles (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id           TEXT NOT NULL REFERENCES sources (id),
    key                 TEXT NOT NULL,             -- the source's own identity: a news id, a slug, a post id
    language            TEXT NOT NULL CHECK (language IN ('uk', 'en')),  -- by the title's letters, never by the address
    url                 TEXT NOT NULL,             -- canonical
    title               TEXT NOT NULL,             -- the current published wording
    lead                TEXT NOT NULL DEFAULT '',
    title_hash          TEXT NOT NULL,             -- of the folded title; joins article_versions and translations
    lead_hash           TEXT NOT NULL DEFAULT '',
    published_at        TEXT,                      -- NULL: the source did not say; never the time of fetching
    published_precision TEXT CHECK (published_precision IN ('minute', 'day')),
    published_origin    TEXT CHECK (published_origin IN ('feed', 'page', 'listing')),
    published_on        TEXT,                      -- calendar day in Kyiv of published_at
    attribution         TEXT NOT NULL DEFAULT '',  -- the publisher's own «Джерело:» / "Source:"
    author              TEXT NOT NULL DEFAULT '',
    first_seen_at       TEXT NOT NULL,
    last_seen_at        TEXT NOT NULL,
    gone_at             TEXT,                      -- when the source answered 404 or 410 for it
    look_again_at       TEXT,                      -- when its own page is to be read again for edits; NULL: never
    content_hash        TEXT NOT NULL,             -- of title, lead, tags and date: what decides "unchanged"
    story_id            INTEGER NOT NULL REFERENCES stories (id),
    UNIQUE (source_id, key, language),
    CHECK ((published_at IS NULL) = (published_precision IS NULL)),
    CHECK ((published_at IS NULL) = (published_on IS NULL))
) STRICT;
CREATE INDEX articles_story ON articles (story_id);
CREATE INDEX articles_title_hash ON articles (title_hash);
CREATE INDEX articles_lead_hash ON articles (lead_hash) WHERE lead_hash <> '';
CREATE INDEX articles_published ON articles (published_at);
CREATE INDEX articles_source_newest ON articles (source_id, published_at);
CREATE INDEX articles_look_again ON articles (source_id, look_again_at) WHERE look_again_at IS NOT NULL;

-- Every address that led to an article: host aliases, /en/ and .amp forms, short links.
CREATE TABLE article_urls (
    url           TEXT NOT NULL,
    article_id    INTEGER NOT NULL REFERENCES articles (id),
    first_seen_at TEXT NOT NULL,
    PRIMARY KEY (url, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_urls_article ON article_urls (article_id);

-- Each observation of a wording of title and lead, in the order in which they were current.
CREATE TABLE article_versions (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id    INTEGER NOT NULL REFERENCES articles (id),
    title         TEXT NOT NULL,
    lead          TEXT NOT NULL,
    title_hash    TEXT NOT NULL,
    lead_hash     TEXT NOT NULL DEFAULT '',
    first_seen_at TEXT NOT NULL,
    last_seen_at  TEXT NOT NULL
) STRICT;
CREATE INDEX article_versions_article ON article_versions (article_id, id);

-- The wording last seen in each kind of answer, so that a feed and a page which word a title
-- differently for ever do not look like an endless edit.
CREATE TABLE article_observations (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    origin     TEXT NOT NULL CHECK (origin IN ('feed', 'page', 'listing')),
    title_hash TEXT NOT NULL,
    lead_hash  TEXT NOT NULL,
    PRIMARY KEY (article_id, origin)
) STRICT, WITHOUT ROWID;

-- Tags as the publisher wrote them.
CREATE TABLE article_tags (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    tag        TEXT NOT NULL,
    PRIMARY KEY (article_id, tag)
) STRICT, WITHOUT ROWID;

-- The publisher's own region labels («Область:»), as written.
CREATE TABLE article_regions (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    region     TEXT NOT NULL,
    PRIMARY KEY (article_id, region)
) STRICT, WITHOUT ROWID;

-- Why two articles are one story, or are related, or are not. Nothing is ever deleted here.
CREATE TABLE story_links (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    other_id   INTEGER NOT NULL REFERENCES articles (id),
    verdict    TEXT NOT NULL CHECK (verdict IN ('same', 'related', 'different')),
    method     TEXT NOT NULL,                      -- same_key, …
    score      REAL NOT NULL,
    evidence   TEXT NOT NULL CHECK (json_valid(evidence)),  -- the shared words, numbers, places, addresses
    reason     TEXT NOT NULL DEFAULT '',           -- the same in one English sentence
    decided_by TEXT NOT NULL CHECK (decided_by IN ('machine', 'editor')),
    decided_at TEXT NOT NULL
) STRICT;
CREATE INDEX story_links_article ON story_links (article_id, other_id);
CREATE INDEX story_links_other ON story_links (other_id, article_id);

-- Under which words, names, numbers and addresses articles are found that may report the same. Derived from the
-- articles by pipeline/stories/blocking.py; rows of former wordings may stay, they only cost a look.
CREATE TABLE story_words (
    period     INTEGER NOT NULL,                   -- day of publication in spans of three weeks; 0: found at any distance
    word       INTEGER NOT NULL,                   -- hash of the word's meaning, a name's sound, a number, an address
    article_id INTEGER NOT NULL,
    share      INTEGER NOT NULL DEFAULT 0,         -- thousandths of the article that the word is; 0: not known, or period 0
    PRIMARY KEY (period, word, article_id)
) STRICT, WITHOUT ROWID;

-- Articles that are stored, each as a story of its own so far, and wait to be grouped.
CREATE TABLE grouping_due (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id),
    since      TEXT NOT NULL
) STRICT;

-- ── Translations ───────────────────────────────────────────────────────────────────────────────────────────

-- The ledger: one row for each text, language pair, engine, model and glossary.
CREATE TABLE translations (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    text_hash       TEXT NOT NULL,                 -- of the folded source text
    source_text     TEXT NOT NULL,
    source_language TEXT NOT NULL CHECK (source_language IN ('uk', 'en')),
    target_language TEXT NOT NULL CHECK (target_language IN ('uk', 'en')),
    text            TEXT,                          -- NULL exactly when failed
    engine          TEXT NOT NULL,
    model           TEXT NOT NULL,
    glossary        TEXT NOT NULL DEFAULT '',
    state           TEXT NOT NULL CHECK (state IN ('ok', 'flagged', 'failed', 'stale')),
    reasons         TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(reasons)),
    score           REAL,
    attempts        INTEGER NOT NULL DEFAULT 1,
    created_at      TEXT NOT NULL,
    steps           TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(steps)),  -- what was done beyond asking the engine once
    UNIQUE (text_hash, source_language, target_language, engine, model, glossary),
    CHECK ((state = 'failed') <= (text IS NULL)),
    CHECK (state NOT IN ('ok', 'flagged') OR text IS NOT NULL)
) STRICT;
CREATE INDEX translations_state ON translations (state);

-- With what the ledger was last gone through for rows that are out of date: the engine's model and the glossary.
CREATE TABLE ledger_basis (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    basis   TEXT NOT NULL,
    at      TEXT NOT NULL
) STRICT;

-- An editor's wording for a source wording, a headline's or a lead's. Append only; ingest never writes here.
CREATE TABLE translation_edits (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    source_text TEXT NOT NULL,
    text_hash   TEXT NOT NULL,                     -- of the folded source text: the edit belongs to this wording only
    text        TEXT NOT NULL,                     -- empty: the wording was taken back
    edited_by   TEXT NOT NULL,
    edited_at   TEXT NOT NULL
) STRICT;
CREATE INDEX translation_edits_text ON translation_edits (text_hash, id);

-- The machine's English that an editor found right as it is. Append only; the newest row of a wording holds.
CREATE TABLE translation_approvals (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    text_hash   TEXT NOT NULL,                     -- of the folded source text
    text        TEXT NOT NULL,                     -- the machine's English; empty: the approval was taken back
    approved_by TEXT NOT NULL,
    approved_at TEXT NOT NULL
) STRICT;
CREATE INDEX translation_approvals_text ON translation_approvals (text_hash, id);

-- The machine's English against the publisher's own of the same publication, as `evaluate` found it.
CREATE TABLE evaluations (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    measured_at      TEXT NOT NULL,
    engine           TEXT NOT NULL,
    model            TEXT NOT NULL,
    month            TEXT,                         -- of publication, `2026-02`; NULL: all months together
    headlines        INTEGER NOT NULL,
    withheld         INTEGER NOT NULL,             -- refused by the checks; not in the scores
    flags_per_100    REAL NOT NULL,                -- of those not withheld
    chrf             REAL,                         -- chrF2 of sacrebleu, 0 … 100; NULL: nothing to score
    chrf_low         REAL,                         -- 95 % interval by bootstrap, 1,000 samples
    chrf_high        REAL,
    bleu             REAL,
    bleu_low         REAL,
    bleu_high        REAL,
    names_expected   INTEGER NOT NULL,             -- communities and districts that the headlines name for sure
    names_right      INTEGER NOT NULL,
    regions_expected INTEGER NOT NULL,
    regions_right    INTEGER NOT NULL,
    numbers_expected INTEGER NOT NULL,             -- headlines with numbers
    numbers_right    INTEGER NOT NULL,             -- of these, all numbers and no other
    terms_expected   INTEGER NOT NULL,             -- hard terms of the glossary
    terms_right      INTEGER NOT NULL
) STRICT;

-- ── Places and topics ──────────────────────────────────────────────────────────────────────────────────────

-- Oblasts, raions and hromadas of the official codifier.
CREATE TABLE places (
    id        TEXT PRIMARY KEY,                    -- KATOTTG code
    kind      TEXT NOT NULL CHECK (kind IN ('oblast', 'raion', 'hromada')),
    name_uk   TEXT NOT NULL,
    name_en   TEXT NOT NULL,
    oblast_id TEXT REFERENCES places (id),
    latitude  REAL,
    longitude REAL
) STRICT;

-- Which places an article names, with the matched words.
CREATE TABLE article_places (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    place_id   TEXT NOT NULL REFERENCES places (id),
    matched    TEXT NOT NULL,
    PRIMARY KEY (article_id, place_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_places_place ON article_places (place_id);

-- Names in an article that several places have and of which nothing tells which one is meant: tagged with none of them.
CREATE TABLE article_unclear_places (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    matched    TEXT NOT NULL,
    place_ids  TEXT NOT NULL CHECK (json_valid(place_ids)),  -- the places (places.id) that it may be
    PRIMARY KEY (article_id, matched)
) STRICT, WITHOUT ROWID;

-- The topics of the reform.
CREATE TABLE topics (
    id       TEXT PRIMARY KEY,
    label_uk TEXT NOT NULL,
    label_en TEXT NOT NULL
) STRICT;

-- Which topics an article is about, with the matched words.
CREATE TABLE article_topics (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    topic_id   TEXT NOT NULL REFERENCES topics (id),
    matched    TEXT NOT NULL,
    PRIMARY KEY (article_id, topic_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_topics_topic ON article_topics (topic_id);

-- Under which rules each article was tagged: when the rules change, it is looked at again.
CREATE TABLE article_rules (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id),
    rules      TEXT NOT NULL                       -- version of the tables of rules and places
) STRICT;
CREATE INDEX article_rules_rules ON article_rules (rules);

-- ── Runs and their health ──────────────────────────────────────────────────────────────────────────────────

-- One row for each run of a command that writes.
CREATE TABLE runs (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    command     TEXT NOT NULL,
    started_at  TEXT NOT NULL,
    finished_at TEXT,                              -- NULL: running, or killed (then the next run fills in `error`)
    exit_code   INTEGER,
    version     TEXT NOT NULL,
    error       TEXT                               -- the line with which it ended before its time; NULL: it did not
) STRICT;

-- What one run found at one source. It always balances:
-- listed = new + edited + unchanged + duplicate + rejected.
CREATE TABLE source_runs (
    run_id    INTEGER NOT NULL REFERENCES runs (id),
    source_id TEXT NOT NULL REFERENCES sources (id),
    state     TEXT NOT NULL CHECK (state IN ('ok', 'not_modified', 'empty', 'structure_missing', 'fields_missing',
                                             'blocked', 'unreachable', 'skipped', 'suspicious', 'overloaded')),
    listed    INTEGER NOT NULL DEFAULT 0,          -- items on the listings that were read
    new       INTEGER NOT NULL DEFAULT 0,
    edited    INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    duplicate INTEGER NOT NULL DEFAULT 0,          -- met a second time in the same run
    rejected  INTEGER NOT NULL DEFAULT 0,          -- off topic, other language, or unreadable (see problems)
    requests  INTEGER NOT NULL DEFAULT 0,
    bytes     INTEGER NOT NULL DEFAULT 0,          -- on the wire
    seconds   REAL NOT NULL DEFAULT 0,
    at        TEXT NOT NULL,                       -- when the source's run ended
    PRIMARY KEY (run_id, source_id),
    CHECK (listed = new + edited + unchanged + duplicate + rejected)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_runs_source ON source_runs (source_id, at);

-- Every HTTP request, with what came of it.
CREATE TABLE requests (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id    INTEGER NOT NULL REFERENCES runs (id),
    source_id TEXT NOT NULL REFERENCES sources (id),
    url       TEXT NOT NULL,
    status    INTEGER,                             -- NULL: no status line was read
    bytes     INTEGER NOT NULL,                    -- on the wire
    seconds   REAL NOT NULL,
    error     TEXT,
    at        TEXT NOT NULL
) STRICT;
CREATE INDEX requests_run ON requests (run_id, source_id);

-- What a person should know or do. One row for each distinct problem; `times` counts it.
CREATE TABLE problems (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id   TEXT REFERENCES sources (id),      -- NULL: not about one source
    stage       TEXT NOT NULL CHECK (stage IN ('fetch', 'moved', 'parse', 'normalise', 'drift', 'held', 'article',
                                               'model')),
    url         TEXT NOT NULL DEFAULT '',
    message     TEXT NOT NULL,
    first_at    TEXT NOT NULL,
    last_at     TEXT NOT NULL,
    times       INTEGER NOT NULL DEFAULT 1,
    resolved_at TEXT                               -- set when the same stage of the source went well again
) STRICT;
CREATE UNIQUE INDEX problems_open ON problems (coalesce(source_id, ''), stage, url, message) WHERE resolved_at IS NULL;

-- What each answer of a listing was like: by the latest of them the next one is judged.
CREATE TABLE listing_shapes (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id TEXT NOT NULL REFERENCES sources (id),
    url       TEXT NOT NULL,                       -- of the listing's page 1
    run_id    INTEGER NOT NULL REFERENCES runs (id),
    at        TEXT NOT NULL,
    shape     TEXT NOT NULL CHECK (json_valid(shape))  -- `core.answers.ListingShape`
) STRICT;
CREATE INDEX listing_shapes_url ON listing_shapes (url, id);

-- Answers of listings that were not like those before them: kept, and not applied. docs/decisions/held.md says when
-- they are, and how it ends.
CREATE TABLE held_answers (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id   TEXT NOT NULL REFERENCES sources (id),
    url         TEXT NOT NULL,                     -- of the listing's page 1
    first_at    TEXT NOT NULL,
    last_at     TEXT NOT NULL,                     -- when the latest answer of this kind came, which is the one kept
    times       INTEGER NOT NULL DEFAULT 1,
    reasons     TEXT NOT NULL CHECK (json_valid(reasons)),  -- kind of oddity → words
    shape       TEXT NOT NULL CHECK (json_valid(shape)),
    items       TEXT NOT NULL CHECK (json_valid(items)),    -- what the answer listed; empty when it is no longer held
    ended_at    TEXT,                              -- NULL: held
    ended_by    TEXT                               -- accepted by a person, confirmed by a second answer, or withdrawn
        CHECK (ended_by IN ('accepted', 'confirmed', 'withdrawn'))
) STRICT;
CREATE UNIQUE INDEX held_answers_open ON held_answers (url) WHERE ended_at IS NULL;

-- ── How the sites are asked ────────────────────────────────────────────────────────────────────────────────

-- What a listing, feed or article page answered last: for conditional GET, and to leave unchanged bytes unparsed.
CREATE TABLE validators (
    url           TEXT PRIMARY KEY,
    source_id     TEXT NOT NULL REFERENCES sources (id),
    etag          TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    body_hash     TEXT NOT NULL DEFAULT '',
    full_at       TEXT NOT NULL                    -- last answer with a body; older than a day: ask unconditionally
) STRICT, WITHOUT ROWID;

-- How far back each listing was read.
CREATE TABLE listing_progress (
    url        TEXT PRIMARY KEY,                   -- of the listing's page 1
    source_id  TEXT NOT NULL REFERENCES sources (id),
    pages_due  INTEGER NOT NULL DEFAULT 0,         -- a run broke off here: read at least so many pages next time
    next_page  INTEGER                             -- a walk through the archive goes on here; NULL: none is under way
) STRICT, WITHOUT ROWID;

-- What each host asked of us.
CREATE TABLE hosts (
    host       TEXT PRIMARY KEY,
    not_before TEXT,                               -- Retry-After: no request to the host before this
    robots     TEXT,                               -- robots.txt as last read; NULL: none, everything is allowed
    robots_at  TEXT                                -- when it was read; valid for a day (RFC 9309)
) STRICT, WITHOUT ROWID;

-- ── Digests ────────────────────────────────────────────────────────────────────────────────────────────────

-- An issue of a newsletter. At most one of each newsletter is open: the draft of its next issue.
CREATE TABLE digests (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT NOT NULL UNIQUE,
    sealed_at    TEXT,                             -- NULL: still a draft
    started_at   TEXT NOT NULL DEFAULT '',
    fixed_at     TEXT,                             -- since then it holds only what an editor took; NULL: all that is due
    exported     TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(exported)),  -- file → SHA-256 as last written; empty: not yet
    settings     TEXT CHECK (settings IS NULL OR json_valid(settings)),    -- of the newsletter as sealed; NULL in a draft
    newsletter   TEXT NOT NULL DEFAULT 'bulletin', -- the id in its settings file; what was sent is known of each by itself
    published_at TEXT,                             -- since when the public may see it; NULL: sealing can be undone
    templates    TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(templates)), -- the editor's own as sealed: name → text
    last_edit    INTEGER NOT NULL DEFAULT 0        -- newest of translation_edits when it was sealed
) STRICT;
CREATE UNIQUE INDEX digests_open ON digests (newsletter) WHERE sealed_at IS NULL;

-- What stands in a sealed issue, in the wording in which it was sent. Nothing here is ever changed, and the issue
-- is rendered from here alone.
CREATE TABLE digest_entries (
    digest_id     INTEGER NOT NULL REFERENCES digests (id),
    story_id      INTEGER NOT NULL REFERENCES stories (id),
    position      INTEGER NOT NULL,
    section       TEXT NOT NULL,
    title_uk      TEXT,
    title_en      TEXT,
    title_en_by   TEXT CHECK (title_en_by IN ('publisher', 'editor', 'machine')),
    note          TEXT NOT NULL DEFAULT '',
    late          INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1)),
    correction_of INTEGER REFERENCES digests (id),
    published_on  TEXT,                            -- NULL: no source gave a date
    lead_uk       TEXT,
    lead_en       TEXT,
    lead_en_by    TEXT CHECK (lead_en_by IN ('publisher', 'editor', 'machine')),
    withheld      TEXT NOT NULL DEFAULT '',        -- why there is no English: flagged, failed, due, stale
    links         TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(links)),   -- [source, its name, address, language, day]
    places        TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(places)),  -- [Ukrainian name, English name]
    in_full       INTEGER NOT NULL DEFAULT 1 CHECK (in_full IN (0, 1)),   -- 0: only listed, its section was full
    was_uk        TEXT,                            -- of a correction: the headlines that were sent before
    was_en        TEXT,
    article_id    INTEGER REFERENCES articles (id),  -- whose headline was sent
    title_hash    TEXT NOT NULL DEFAULT '',        -- of that headline as published, to see later that it changed
    english_id    INTEGER REFERENCES articles (id),  -- whose English was sent, if the publisher's
    english_hash  TEXT NOT NULL DEFAULT '',
    marks         TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(marks)),   -- of a correction: which changes it told
    was_lead_uk   TEXT,                            -- of a correction: the leads that were sent, where these differ now
    was_lead_en   TEXT,
    approved      INTEGER NOT NULL DEFAULT 0 CHECK (approved IN (0, 1)),  -- 1: a person approved the machine's English
    lead_uk_id    INTEGER REFERENCES articles (id),  -- whose lead was sent, and the hash of that lead as published
    lead_uk_hash  TEXT NOT NULL DEFAULT '',
    lead_en_id    INTEGER REFERENCES articles (id),
    lead_en_hash  TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (digest_id, story_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX digest_entries_story ON digest_entries (story_id);
CREATE INDEX digest_entries_article ON digest_entries (article_id, digest_id);

-- The articles whose headline or link stood in a sealed issue: what was sent, whatever becomes of the stories.
CREATE TABLE digest_articles (
    digest_id  INTEGER NOT NULL REFERENCES digests (id),
    article_id INTEGER NOT NULL REFERENCES articles (id),
    newsletter TEXT NOT NULL,
    story_id   INTEGER NOT NULL REFERENCES stories (id),  -- in whose entry
    correction INTEGER NOT NULL DEFAULT 0 CHECK (correction IN (0, 1)),
    PRIMARY KEY (digest_id, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX digest_articles_article ON digest_articles (article_id, newsletter);
CREATE UNIQUE INDEX digest_articles_once ON digest_articles (newsletter, article_id) WHERE correction = 0;

-- What the editors decided about the stories of an issue; NULL where the rule decides. Kept when it is sealed, so that
-- sealing can be undone.
CREATE TABLE digest_choices (
    digest_id INTEGER NOT NULL REFERENCES digests (id),
    story_id  INTEGER NOT NULL REFERENCES stories (id),
    decision  TEXT CHECK (decision IN ('taken', 'dropped', 'held')),
    until     TEXT NOT NULL DEFAULT '',            -- of one that is held: a day in Kyiv, or empty for the next issue
    reason    TEXT NOT NULL DEFAULT '',            -- why it was dropped or is held
    section   TEXT,
    position  INTEGER,
    title_uk  TEXT,                                -- reworded for the newsletter
    title_en  TEXT,                                -- empty: shown without English; wordings go to translation_edits
    lead_uk   TEXT,
    lead_en   TEXT,
    note      TEXT NOT NULL DEFAULT '',            -- for the readers, Markdown
    remark    TEXT NOT NULL DEFAULT '',            -- for the editors
    articles  TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(articles)),  -- articles.id of the story as it was decided on
    PRIMARY KEY (digest_id, story_id)
) STRICT, WITHOUT ROWID;

-- Every change of a draft, append only: who changed which field from what to what.
CREATE TABLE digest_changes (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    digest_id INTEGER NOT NULL REFERENCES digests (id),
    story_id  INTEGER REFERENCES stories (id),     -- NULL: of the issue as a whole, or of an item of its own
    item_id   INTEGER REFERENCES digest_items (id),
    field     TEXT NOT NULL,                       -- as `newsletter/fields.py` has them
    was       TEXT NOT NULL,
    became    TEXT NOT NULL,
    by        TEXT NOT NULL,
    at        TEXT NOT NULL,
    via       TEXT NOT NULL CHECK (via IN ('desk', 'file', 'command', 'undo')),
    undoes    INTEGER REFERENCES digest_changes (id),
    bulk      INTEGER NOT NULL                     -- the same number in all changes that were made together
) STRICT;
CREATE INDEX digest_changes_digest ON digest_changes (digest_id, id);
CREATE INDEX digest_changes_bulk ON digest_changes (bulk);

-- What each exported draft was written from: with it, a file that comes back shows what was changed in it.
CREATE TABLE digest_exports (
    id        TEXT PRIMARY KEY,                    -- letters only, as in the file
    digest_id INTEGER NOT NULL REFERENCES digests (id),
    at        TEXT NOT NULL,
    base      TEXT NOT NULL CHECK (json_valid(base))  -- key of a story → its id and the texts of its fields
) STRICT, WITHOUT ROWID;
CREATE INDEX digest_exports_digest ON digest_exports (digest_id);

-- Texts of one issue: subject, preview, intro, closing, those of its sections. `newsletter/fields.py` has the fields.
CREATE TABLE digest_texts (
    digest_id INTEGER NOT NULL REFERENCES digests (id),
    field     TEXT NOT NULL,
    text      TEXT NOT NULL,
    PRIMARY KEY (digest_id, field)
) STRICT, WITHOUT ROWID;

-- Items of the editor's own among the stories of an issue.
CREATE TABLE digest_items (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    digest_id INTEGER NOT NULL REFERENCES digests (id),
    section   TEXT NOT NULL,
    position  INTEGER,
    title_uk  TEXT NOT NULL DEFAULT '',
    title_en  TEXT NOT NULL DEFAULT '',
    text_uk   TEXT NOT NULL DEFAULT '',            -- Markdown
    text_en   TEXT NOT NULL DEFAULT '',
    url       TEXT NOT NULL DEFAULT '',
    removed   INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1))
) STRICT;
CREATE INDEX digest_items_digest ON digest_items (digest_id);

-- The image of an issue; the texts that stand for it are in digest_texts.
CREATE TABLE digest_images (
    digest_id INTEGER PRIMARY KEY REFERENCES digests (id),
    kind      TEXT NOT NULL CHECK (kind IN ('png', 'jpeg')),
    width     INTEGER NOT NULL,                    -- pixels
    height    INTEGER NOT NULL,
    content   BLOB NOT NULL
) STRICT;

-- The files of a sealed issue as they were made: exported again to the same bytes by any later version.
CREATE TABLE digest_files (
    digest_id INTEGER NOT NULL REFERENCES digests (id),
    format    TEXT NOT NULL,
    languages TEXT NOT NULL,                       -- as asked for; empty: those of the newsletter
    content   BLOB NOT NULL,                       -- zlib
    PRIMARY KEY (digest_id, format, languages)
) STRICT, WITHOUT ROWID;

-- Hand-overs of sealed issues to mailing services. One begun and not done is looked for there before the next attempt.
CREATE TABLE digest_handovers (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    digest_id  INTEGER NOT NULL REFERENCES digests (id),
    service    TEXT NOT NULL,
    begun_at   TEXT NOT NULL,                      -- of the latest attempt; empty: asked for when it was sealed
    done_at    TEXT,
    by         TEXT NOT NULL,
    remote_id  TEXT NOT NULL DEFAULT '',
    remote_url TEXT NOT NULL DEFAULT '',
    error      TEXT NOT NULL DEFAULT '',           -- of the latest attempt
    UNIQUE (digest_id, service)
) STRICT;

-- Up to which change each editor has seen a draft.
CREATE TABLE digest_visits (
    digest_id INTEGER NOT NULL REFERENCES digests (id),
    editor    TEXT NOT NULL,
    change_id INTEGER NOT NULL,
    at        TEXT NOT NULL,
    PRIMARY KEY (digest_id, editor)
) STRICT, WITHOUT ROWID;

-- Stories that shall not come again, with the reason. Written when an issue is sealed.
CREATE TABLE digest_drops (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    story_id   INTEGER NOT NULL REFERENCES stories (id),
    digest_id  INTEGER REFERENCES digests (id),    -- the issue from which it was dropped; NULL: before the first one
    wording    TEXT NOT NULL,                      -- what was dropped: a correction comes again when it changes again
    reason     TEXT NOT NULL,
    dropped_at TEXT NOT NULL,
    newsletter TEXT NOT NULL DEFAULT 'bulletin',
    articles   TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(articles))  -- articles.id of the story as it was dropped
) STRICT;
CREATE INDEX digest_drops_story ON digest_drops (story_id);

-- ── Search ─────────────────────────────────────────────────────────────────────────────────────────────────

-- Words of each story in both languages; rowid is the story's id. All apostrophe forms separate words alike,
-- in the text and in the query. Kept by the store whenever a story's wording changes.
CREATE VIRTUAL TABLE news_fts USING fts5 (
    title_uk, title_en, lead_uk, lead_en,
    tokenize = "unicode61 remove_diacritics 0 separators 'ʼ`'"
);

-- ── Views ──────────────────────────────────────────────────────────────────────────────────────────────────

-- The machine's English that is shown of a Ukrainian text, or withheld where it failed: of all rows of the ledger the
-- one whose text an editor approved, which is `ok` then, else the best, and of equals the newest.
CREATE VIEW shown_translations AS
SELECT id, text_hash, text, engine, model,
       CASE WHEN text = (SELECT a.text FROM translation_approvals a WHERE a.text_hash = t.text_hash
                         ORDER BY a.id DESC LIMIT 1) THEN 'ok' ELSE state END AS state,
       reasons
FROM translations t
WHERE id = (
    SELECT id FROM translations o
    WHERE o.text_hash = t.text_hash AND o.source_language = 'uk' AND o.target_language = 'en'
    ORDER BY o.text IS NULL,
             o.text IS NOT (SELECT a.text FROM translation_approvals a WHERE a.text_hash = o.text_hash
                            ORDER BY a.id DESC LIMIT 1),
             CASE o.state WHEN 'ok' THEN 0 WHEN 'flagged' THEN 1 WHEN 'stale' THEN 2 ELSE 3 END,
             o.id DESC LIMIT 1);

-- One row per story, newest first: what the website and the digest read for headlines, and nothing else.
-- English: an editor's newest wording for the current Ukrainian wording of any of its articles, the publisher's own,
-- the machine's.
CREATE VIEW news AS
SELECT
    s.id AS story_id,
    s.published_on,
    u.title AS title_uk,
    coalesce(edit.text, e.title, machine.text) AS title_en,
    CASE WHEN edit.text IS NOT NULL THEN 'editor'
         WHEN e.title IS NOT NULL THEN 'publisher'
         WHEN machine.text IS NOT NULL THEN 'machine' END AS title_en_by,
    CASE WHEN edit.text IS NOT NULL OR e.title IS NOT NULL THEN 'ok'
         WHEN u.id IS NULL THEN NULL
         ELSE coalesce(machine.state, 'due') END AS title_en_state,
    nullif(u_lead.lead, '') AS lead_uk,
    coalesce(edit_lead.text, nullif(e_lead.lead, ''), machine_lead.text) AS lead_en,
    (SELECT json_group_array(source_id) FROM (
        SELECT DISTINCT source_id FROM articles WHERE story_id = s.id ORDER BY source_id)) AS sources,
    (SELECT count(*) FROM articles WHERE story_id = s.id) AS articles,
    coalesce(u_link.url, e_link.url) AS url,
    u_link.url AS url_uk,
    e_link.url AS url_en,
    (SELECT json_group_array(name_en) FROM (
        SELECT DISTINCT o.name_en FROM articles a JOIN article_places ap ON ap.article_id = a.id
        JOIN places p ON p.id = ap.place_id JOIN places o ON o.id = coalesce(p.oblast_id, p.id)
        WHERE a.story_id = s.id ORDER BY o.name_en)) AS oblasts,
    (SELECT json_group_array(label_en) FROM (
        SELECT DISTINCT t.label_en FROM articles a JOIN article_topics at ON at.article_id = a.id
        JOIN topics t ON t.id = at.topic_id WHERE a.story_id = s.id ORDER BY t.label_en)) AS topics,
    s.first_seen_at,
    CASE WHEN edit.text IS NULL AND e.title IS NULL THEN machine.model END AS title_en_model,
    CASE WHEN edit_lead.text IS NOT NULL THEN 'editor'
         WHEN nullif(e_lead.lead, '') IS NOT NULL THEN 'publisher'
         WHEN machine_lead.text IS NOT NULL THEN 'machine' END AS lead_en_by,
    CASE WHEN edit_lead.text IS NOT NULL OR nullif(e_lead.lead, '') IS NOT NULL THEN 'ok'
         WHEN nullif(u_lead.lead, '') IS NULL THEN NULL
         ELSE coalesce(machine_lead.state, 'due') END AS lead_en_state
FROM stories s
LEFT JOIN articles u ON u.id = s.uk_article_id
LEFT JOIN articles e ON e.id = s.en_article_id
LEFT JOIN articles u_lead ON u_lead.id = coalesce(s.uk_lead_id, s.uk_article_id)
LEFT JOIN articles e_lead ON e_lead.id = coalesce(s.en_lead_id, s.en_article_id)
LEFT JOIN articles u_link ON u_link.id = coalesce(s.uk_link_id, s.uk_article_id)
LEFT JOIN articles e_link ON e_link.id = coalesce(s.en_link_id, s.en_article_id)
LEFT JOIN shown_translations machine ON machine.text_hash = u.title_hash
LEFT JOIN shown_translations machine_lead ON machine_lead.text_hash = u_lead.lead_hash
LEFT JOIN translation_edits edit ON edit.id = (
    SELECT max(te.id) FROM articles a CROSS JOIN translation_edits te ON te.text_hash = a.title_hash
    WHERE a.story_id = s.id AND a.language = 'uk') AND edit.text <> ''
LEFT JOIN translation_edits edit_lead ON edit_lead.id = (
    SELECT max(te.id) FROM articles a CROSS JOIN translation_edits te ON te.text_hash = a.lead_hash
    WHERE a.story_id = s.id AND a.language = 'uk' AND a.lead_hash <> '') AND edit_lead.text <> ''
WHERE s.merged_into IS NULL AND coalesce(s.uk_article_id, s.en_article_id) IS NOT NULL
ORDER BY s.published_on DESC, s.id DESC;

-- Issues that the public may see, newest first, and what stands in them.
CREATE VIEW issues AS
SELECT d.name, d.newsletter, d.published_at, d.settings ->> '$.name_uk' AS newsletter_uk,
       d.settings ->> '$.name_en' AS newsletter_en,
       (SELECT count(*) FROM digest_entries e WHERE e.digest_id = d.id) AS stories, d.sealed_at,
       coalesce((SELECT t.text FROM digest_texts t WHERE t.digest_id = d.id AND t.field = 'subject'), '') AS subject
FROM digests d WHERE d.sealed_at IS NOT NULL AND d.published_at IS NOT NULL ORDER BY d.published_at DESC, d.id DESC;

CREATE VIEW issue_stories AS
SELECT d.name AS issue, e.position, e.section, e.story_id, e.title_uk, e.title_en, e.title_en_by, e.lead_uk, e.lead_en,
       e.lead_en_by, e.note, e.late, c.name AS correction_of, e.was_uk, e.was_en, e.published_on, e.links, e.places,
       e.was_lead_uk, e.was_lead_en, e.withheld, e.approved
FROM digests d JOIN digest_entries e ON e.digest_id = d.id LEFT JOIN digests c ON c.id = e.correction_of
WHERE d.sealed_at IS NOT NULL AND d.published_at IS NOT NULL ORDER BY d.published_at DESC, d.id DESC, e.position;

-- What one source gave on one day (UTC), from its first run to the latest run of all, and to yesterday when nothing
-- ran since: it tells "no news" (nothing_new) from "not collected". A day without any run is a row with attempts 0;
-- today is a row once something ran, and no later day is one, even if a clock that was ahead has dated a run. A source
-- that is no longer read ends with its own last run.
CREATE VIEW coverage AS
WITH RECURSIVE
    reached(day) AS (
        SELECT max(date(max(at)), date('now', '-1 day')) FROM source_runs WHERE date(at) <= date('now')
    ),
    span(source_id, day, last) AS (
        SELECT r.source_id, date(min(r.at)), CASE WHEN s.enabled THEN (SELECT day FROM reached) ELSE date(max(r.at)) END
        FROM source_runs r JOIN sources s ON s.id = r.source_id WHERE date(r.at) <= date('now') GROUP BY r.source_id
        UNION ALL
        SELECT source_id, date(day, '+1 day'), last FROM span WHERE day < last
    ),
    daily AS (
        SELECT source_id, date(at) AS day, count(*) AS attempts,
               sum(state IN ('ok', 'not_modified', 'empty')) AS successes,
               sum(listed) AS listed, sum(new) AS new, sum(edited) AS edited
        FROM source_runs GROUP BY source_id, date(at)
    )
SELECT span.source_id, span.day,
       coalesce(attempts, 0) AS attempts, coalesce(successes, 0) AS successes,
       coalesce(listed, 0) AS listed, coalesce(new, 0) AS new, coalesce(edited, 0) AS edited,
       CASE WHEN coalesce(successes, 0) = 0 THEN 'not_collected'
            WHEN new + edited > 0 THEN 'collected'
            ELSE 'nothing_new' END AS verdict
FROM span LEFT JOIN daily ON daily.source_id = span.source_id AND daily.day = span.day;

-- What is known of each source that is read: facts only. How it does is said by `pipeline/health.py`. The latest run
-- is the one that was stored last; what others of the source dated later than it was dated by a clock that was ahead.
CREATE VIEW source_facts AS
WITH
    latest AS (
        SELECT source_id, state, at AS last_run_at, max(run_id) FROM source_runs WHERE state <> 'skipped'
        GROUP BY source_id
    ),
    history AS (
        SELECT r.source_id,
               max(CASE WHEN r.state IN ('ok', 'not_modified', 'empty') AND at <= last_run_at THEN at END)
                   AS last_success_at,
               max(CASE WHEN new > 0 AND at <= last_run_at THEN at END) AS last_new_at,
               min(at) AS first_run_at
        FROM source_runs r LEFT JOIN latest ON latest.source_id = r.source_id GROUP BY r.source_id
    )
SELECT s.id AS source_id, s.name, latest.state, first_run_at, last_success_at, last_new_at, s.expected_every_hours,
       (SELECT p.message FROM problems p WHERE p.source_id = s.id AND p.resolved_at IS NULL
        ORDER BY p.stage = 'held' DESC, p.last_at DESC, p.id DESC LIMIT 1) AS open_problem,
       r.new, r.edited, last_run_at
FROM sources s LEFT JOIN latest ON latest.source_id = s.id
LEFT JOIN history ON history.source_id = s.id
LEFT JOIN source_runs r ON r.source_id = s.id AND r.run_id = (
    SELECT max(run_id) FROM source_runs WHERE source_id = s.id)
WHERE s.enabled;

-- How each source does now, for whoever asks the file itself: `pipeline/health.py` in SQL, which has no function of
-- ours in a plain shell (docs/decisions/health.md). tests/test_health.py holds that both say the same.
CREATE VIEW source_health AS
WITH
    since AS (
        SELECT *, julianday('now') - julianday(coalesce(last_success_at, first_run_at)) AS unread_days,
               max(round((julianday('now') - julianday(coalesce(last_new_at, first_run_at))) * 24, 1), 0.0)
                   AS silent_hours,
               coalesce(open_problem, CASE WHEN state NOT IN ('ok', 'not_modified', 'empty')
                                           THEN 'last run: ' || state END) AS reason
        FROM source_facts
    ),
    judged AS (
        SELECT *, CASE WHEN state IS NULL THEN NULL
                       WHEN (julianday(last_run_at) - julianday('now')) * 24 > 1 THEN
                           'last read at ' || last_run_at || ', in the future: was the clock ahead?'
                       WHEN unread_days > 2 THEN
                           'not read for ' || CAST(unread_days AS INTEGER) || ' days' || coalesce(': ' || reason, '')
                       WHEN reason IS NOT NULL THEN reason
                       WHEN silent_hours > expected_every_hours THEN
                           'nothing new for ' || CAST(silent_hours AS INTEGER) || ' hours; expected every '
                           || expected_every_hours END AS wrong
        FROM since
    )
SELECT source_id, state, last_success_at, last_new_at, silent_hours, expected_every_hours,
       wrong IS NOT NULL AS actionable,
       coalesce(wrong, CASE WHEN state IS NULL THEN 'never read' ELSE 'well' END) AS message
FROM judged;
