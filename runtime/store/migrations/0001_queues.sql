-- Times and spans are microseconds; ids and tokens 16 bytes; statuses and states the codes of `model`.

CREATE TABLE queue (
  number                INTEGER PRIMARY KEY,
  id                    BLOB    NOT NULL UNIQUE,
  key                   TEXT    NOT NULL UNIQUE,
  name                  TEXT    NOT NULL,
  description           TEXT    NOT NULL,
  state                 INTEGER NOT NULL,
  ttl                   INTEGER,
  at_risk_percent       INTEGER,
  continue_if_violated  INTEGER NOT NULL,
  retries               INTEGER NOT NULL,
  retry_delay           INTEGER NOT NULL,
  crashes               INTEGER NOT NULL,
  processing_limit      INTEGER,
  edit_while_processing INTEGER NOT NULL,
  keep                  INTEGER,
  schema_version        INTEGER,
  created               INTEGER NOT NULL,
  modified              INTEGER NOT NULL
) STRICT;

CREATE TABLE queue_schema (
  queue   INTEGER NOT NULL,
  version INTEGER NOT NULL,
  text    TEXT    NOT NULL,
  PRIMARY KEY (queue, version)
) STRICT, WITHOUT ROWID;

-- Written in the transaction that changes a status, so that nothing ever counts rows.
CREATE TABLE counter (
  queue  INTEGER NOT NULL,
  status INTEGER NOT NULL,
  items  INTEGER NOT NULL,
  PRIMARY KEY (queue, status)
) STRICT, WITHOUT ROWID;

-- The last place given in any queue. It never goes down, or a late item could overtake earlier ones.
CREATE TABLE place (
  last INTEGER NOT NULL
) STRICT;

INSERT INTO place (last) VALUES (0);

CREATE TABLE batch (
  id    BLOB    PRIMARY KEY,
  queue INTEGER NOT NULL,
  state INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- `value` comes last: what precedes it is read without touching its pages.
CREATE TABLE item (
  number         INTEGER PRIMARY KEY,
  id             BLOB    NOT NULL,
  queue          INTEGER NOT NULL,
  status         INTEGER NOT NULL,
  priority       INTEGER NOT NULL,
  seq            INTEGER NOT NULL,
  due            INTEGER,
  expires        INTEGER,
  delay_until    INTEGER,
  token          BLOB,
  worker         TEXT,
  held_since     INTEGER,
  lease          INTEGER,
  held_until     INTEGER,
  attempt        INTEGER NOT NULL,
  retries        INTEGER NOT NULL,
  crashes        INTEGER NOT NULL,
  requeues       INTEGER NOT NULL,
  entries        INTEGER NOT NULL,
  created        INTEGER NOT NULL,
  modified       INTEGER NOT NULL,
  completed      INTEGER,
  batch          BLOB,
  schema_version INTEGER,
  name           TEXT,
  reference      TEXT,
  result         TEXT,
  value          TEXT    NOT NULL
) STRICT;

CREATE UNIQUE INDEX item_id ON item (id);
CREATE UNIQUE INDEX item_reference ON item (queue, reference) WHERE reference IS NOT NULL;
-- The order of claims. Only queued items are in it, so a claim costs the same at any depth and with any history.
CREATE INDEX item_ready ON item (queue, priority, seq) WHERE status = 2;
-- The next moment at which time alone changes an item: one index for delays, expiries, leases and limits.
CREATE INDEX item_due ON item (due) WHERE due IS NOT NULL;
-- The order of lists; the row number breaks ties.
CREATE INDEX item_list ON item (queue, status);
CREATE INDEX item_staged ON item (batch) WHERE status = 0;

CREATE TABLE history (
  item    INTEGER NOT NULL,
  entry   INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  by      INTEGER,
  status  INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  worker  TEXT,
  text    TEXT,
  PRIMARY KEY (item, entry)
) STRICT, WITHOUT ROWID;
