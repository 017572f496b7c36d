-- Links whose two sides have drifted apart: a person looks whether it still is one client or pet.

CREATE TABLE scriptright.link_review (
  practice_id text NOT NULL REFERENCES scriptright.practice,
  review_id   bigint GENERATED ALWAYS AS IDENTITY,
  record      text NOT NULL CHECK (record IN ('client','pet')),
  pims_id     text NOT NULL,
  record_id   bigint NOT NULL,
  reasons     text[] NOT NULL CHECK (cardinality(reasons) > 0),  -- short words, no values
  load_id     bigint,                  -- the load that found it; NULL: an edit or decision did
  opened_at   timestamptz NOT NULL DEFAULT now(),
  state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open','kept','undone','superseded')),
  decided_by  text CHECK (btrim(decided_by) <> ''),
  decided_at  timestamptz,
  shown       text NOT NULL,           -- fingerprint of both sides: a kept link is put up again when it changes
  PRIMARY KEY (practice_id, review_id),
  FOREIGN KEY (practice_id, load_id) REFERENCES scriptright.load,
  CHECK ((state IN ('kept','undone')) = (decided_by IS NOT NULL)),
  CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX link_review_open ON scriptright.link_review (practice_id, record, pims_id) WHERE state = 'open';
CREATE INDEX link_review_by_link ON scriptright.link_review (practice_id, record, pims_id, record_id);
