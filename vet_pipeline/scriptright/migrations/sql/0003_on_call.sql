-- What on-call is told (one alert a cause, not one a practice), and when a sensor looked last.

CREATE TABLE scriptright.alert (
  alert_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cause          text NOT NULL,                    -- error, PIMS, server's hash: no value of a record, no host name
  error          text NOT NULL,                    -- a name of vet_pipeline/errors.py, or an exception's class
  pims           text,
  server         text,                             -- hash of the server that several practices share
  job            text NOT NULL,
  run_id         text,                             -- the newest failed run of this cause, if a run it was
  what           text NOT NULL,
  next_step      text NOT NULL,
  retryable      boolean NOT NULL,
  opened_at      timestamptz NOT NULL,             -- end of the first run that failed of it
  last_failed_at timestamptz NOT NULL,
  healed_at      timestamptz,
  mail           text NOT NULL DEFAULT 'waiting' CHECK (mail IN ('waiting','sending','sent')),
  mails          integer NOT NULL DEFAULT 0,       -- handed to the mail server, or tried to
  told_practices integer NOT NULL DEFAULT 0,       -- how many the last mail named
  told_at        timestamptz,
  sending_at     timestamptz,
  not_before     timestamptz,
  mail_error     text,
  CHECK (healed_at IS NULL OR healed_at >= opened_at),
  CHECK ((mail = 'sending') = (sending_at IS NOT NULL))
);
CREATE UNIQUE INDEX alert_open ON scriptright.alert (cause) WHERE healed_at IS NULL;

CREATE TABLE scriptright.alert_practice (          -- a practice that fails, or failed, of an alert's cause
  practice_id     text NOT NULL REFERENCES scriptright.practice,
  alert_id        bigint NOT NULL REFERENCES scriptright.alert,
  job             text NOT NULL CHECK (job IN ('copy','confirmation','service level')),
  run_id          text,                            -- its newest failed run
  what            text NOT NULL,
  next_step       text NOT NULL,
  first_failed_at timestamptz NOT NULL,
  last_failed_at  timestamptz NOT NULL,
  failures        integer NOT NULL DEFAULT 1 CHECK (failures > 0),  -- runs, each with its retries
  healed_at       timestamptz,
  PRIMARY KEY (practice_id, alert_id, job)
);
CREATE UNIQUE INDEX alert_practice_open ON scriptright.alert_practice (practice_id, job) WHERE healed_at IS NULL;
CREATE INDEX alert_practice_by_alert ON scriptright.alert_practice (alert_id);

CREATE TABLE scriptright.watch (                   -- one row for each thing that looks regularly
  name    text PRIMARY KEY,
  at      timestamptz NOT NULL,                    -- when it looked last
  seen_to timestamptz,                             -- runs that ended before are accounted for
  facts   jsonb NOT NULL DEFAULT '{}'              -- counts of the last look
);

ALTER TABLE scriptright.practice
  ADD COLUMN clients_read integer CHECK (clients_read >= 0);  -- of the newest complete read: 10,000 give a first copy 14 days
