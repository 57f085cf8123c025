-- Runs of flows, their journals, and what is kept for them. Digests are 32 bytes.

-- What changes with every commit of a run; its texts lie apart, so that they are not written again.
-- A number is never given twice, or a page of a list could show what came after it.
CREATE TABLE run (
  number     INTEGER PRIMARY KEY AUTOINCREMENT,
  id         BLOB    NOT NULL,
  flow       TEXT    NOT NULL,
  state      INTEGER NOT NULL,
  due        INTEGER,
  token      BLOB,
  claim      BLOB,
  driver     TEXT,
  held_since INTEGER,
  lease      INTEGER,
  held_until INTEGER,
  cancel     INTEGER NOT NULL,
  takes      INTEGER NOT NULL,
  records    INTEGER NOT NULL,
  bytes      INTEGER NOT NULL,
  steps      INTEGER NOT NULL,
  keep       INTEGER NOT NULL,
  started    INTEGER NOT NULL,
  ended      INTEGER,
  pin        BLOB    NOT NULL,
  started_by INTEGER NOT NULL,
  subject    BLOB
) STRICT;

CREATE UNIQUE INDEX run_id ON run (id);
-- The next moment at which time alone changes a run: its lease, or the end of its keeping.
CREATE INDEX run_due ON run (due) WHERE due IS NOT NULL;
-- The order of lists; the row number breaks ties.
CREATE INDEX run_state ON run (state);
CREATE INDEX run_flow ON run (flow, state);

CREATE TABLE run_text (
  run             INTEGER PRIMARY KEY,
  inputs          TEXT    NOT NULL,
  outputs         TEXT,
  failure_kind    INTEGER,
  failure_code    TEXT,
  failure_message TEXT,
  failure_path    TEXT
) STRICT;

-- `data` comes last: what precedes it is read without touching its pages.
CREATE TABLE journal (
  run        INTEGER NOT NULL,
  seq        INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  checkpoint INTEGER NOT NULL,
  kind       TEXT    NOT NULL,
  path       TEXT    NOT NULL,
  data       TEXT    NOT NULL,
  PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX journal_checkpoint ON journal (run, seq) WHERE checkpoint = 1;

-- What a run has added, by the key of the effect: an effect that is tried again finds itself.
CREATE TABLE effect (
  key  BLOB    PRIMARY KEY,
  run  INTEGER NOT NULL,
  item BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX effect_run ON effect (run);

-- The texts that runs are bound to, and by which runs.
CREATE TABLE pin (
  digest BLOB NOT NULL,
  text   TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX pin_digest ON pin (digest);

CREATE TABLE run_pin (
  run    INTEGER NOT NULL,
  digest BLOB    NOT NULL,
  PRIMARY KEY (run, digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX run_pin_digest ON run_pin (digest);

-- Runs that are gone and whose journals are deleted, a portion at a time.
CREATE TABLE remains (
  run INTEGER PRIMARY KEY
) STRICT;
