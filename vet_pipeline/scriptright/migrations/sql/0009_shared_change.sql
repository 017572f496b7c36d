-- What PIMS records that feed one ScriptRight record said, change by change: undoing one of their
-- links plays the life of the record again without it (scriptright/decisions/restore.py).

CREATE TABLE scriptright.shared_change (
  practice_id text NOT NULL REFERENCES scriptright.practice,
  change_id   bigint GENERATED ALWAYS AS IDENTITY,
  record      text NOT NULL CHECK (record IN ('client','pet')),
  record_id   bigint NOT NULL,         -- the record that is shared
  pims_id     text NOT NULL,           -- who said it
  field       text NOT NULL,
  old_value   jsonb NOT NULL,          -- both the PIMS's
  new_value   jsonb NOT NULL,
  action      text NOT NULL CHECK (action IN ('apply','suggest','keep')),  -- as in the delta
  reason      text NOT NULL,
  known_on    date,                    -- of the snapshot before
  load_id     bigint NOT NULL,
  told_at     timestamptz NOT NULL,    -- the load's moment
  PRIMARY KEY (practice_id, change_id),
  FOREIGN KEY (practice_id, load_id) REFERENCES scriptright.load
);
CREATE INDEX shared_change_by_record ON scriptright.shared_change (practice_id, record, record_id);

-- Of loads before this one, what they wrote and what they asked: as far as it can be told.
INSERT INTO scriptright.shared_change (practice_id, record, record_id, pims_id, field, old_value,
    new_value, action, reason, load_id, told_at)
SELECT c.practice_id, c.record, c.record_id, c.via_pims_id, c.field, c.old_value, c.new_value,
    'apply', 'changed', c.load_id, c.changed_at
FROM scriptright.record_change c
JOIN (SELECT practice_id, 'client' AS record, record_id FROM scriptright.client_link
      GROUP BY 1, 3 HAVING count(*) > 1
      UNION ALL
      SELECT practice_id, 'pet', record_id FROM scriptright.pet_link
      GROUP BY 1, 3 HAVING count(*) > 1) shared USING (practice_id, record, record_id)
WHERE c.cause = 'refresh' AND c.via_pims_id IS NOT NULL AND c.load_id IS NOT NULL
ORDER BY c.change_id;
INSERT INTO scriptright.shared_change (practice_id, record, record_id, pims_id, field, old_value,
    new_value, action, reason, load_id, told_at)
SELECT s.practice_id, s.record, s.record_id, s.pims_id, s.field, s.old_value, s.new_value,
    'suggest', s.reason, s.load_id, s.opened_at
FROM (SELECT DISTINCT ON (practice_id, record, record_id, pims_id, field, load_id) *
      FROM scriptright.suggestion WHERE reason <> 'differs_at_merge' AND field <> 'owner'
      ORDER BY practice_id, record, record_id, pims_id, field, load_id, suggestion_id) s
JOIN (SELECT practice_id, 'client' AS record, record_id FROM scriptright.client_link
      GROUP BY 1, 3 HAVING count(*) > 1
      UNION ALL
      SELECT practice_id, 'pet', record_id FROM scriptright.pet_link
      GROUP BY 1, 3 HAVING count(*) > 1) shared USING (practice_id, record, record_id)
ORDER BY s.suggestion_id;
