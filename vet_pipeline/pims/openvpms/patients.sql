-- One row a patient. Owner: the current patientOwner link, the newest when two are current (rows
-- loaded by SQL, equal start times); patientLocation links are boarding, not ownership. Weight: the
-- newest above 0, which is what an empty weight is saved as (it may be written 0E-8); equal times:
-- the later row.
-- `newest` ends in the row's id, 20 digits; how long the time before it is depends on the column.
SELECT
    {text: e.entity_id} AS patient_key,
    {text: o.source_id} AS client_key,
    {text: e.name} AS name,
    {text: COALESCE(species.name, d.species)} AS species,
    {text: COALESCE(breed.name, NULLIF(TRIM(d.breed), ''), d.new_breed)} AS breed,
    {text: d.date_of_birth} AS birth_date,
    NULL AS birth_date_estimated,
    {text: weight.value} AS weight,
    {text: unit.value} AS weight_unit,
    {date: weighing.activity_start_time} AS weight_date,
    {text: d.deceased} AS deceased_flag,
    {text: d.deceased_date} AS deceased_date,
    CASE WHEN e.active = 0 THEN 'inactive' ELSE 'active' END AS status
FROM entities e
LEFT JOIN (
    SELECT
        entity_id,
        MAX(CASE WHEN name = 'species' THEN value END) AS species,
        MAX(CASE WHEN name = 'breed' THEN value END) AS breed,
        MAX(CASE WHEN name = 'newBreed' THEN value END) AS new_breed,
        MAX(CASE WHEN name = 'dateOfBirth' THEN value END) AS date_of_birth,
        MAX(CASE WHEN name = 'deceased' THEN value END) AS deceased,
        MAX(CASE WHEN name = 'deceasedDate' THEN value END) AS deceased_date
    FROM entity_details
    WHERE {page: entity_id}
      AND name IN ('species', 'breed', 'newBreed', 'dateOfBirth', 'deceased', 'deceasedDate')
    GROUP BY entity_id
) d ON d.entity_id = e.entity_id
LEFT JOIN lookups species ON species.arch_short_name = 'lookup.species' AND species.code = d.species
LEFT JOIN lookups breed ON breed.arch_short_name = 'lookup.breed' AND breed.code = d.breed
LEFT JOIN (
    SELECT
        r.target_id,
        MAX(CONCAT(COALESCE(r.active_start_time, '0000-00-00 00:00:00'),
                   LPAD(r.entity_relationship_id, 20, '0'))) AS newest
    FROM entity_relationships r
    WHERE {page: r.target_id}
      AND r.arch_short_name = 'entityRelationship.patientOwner'
      AND (r.active_start_time IS NULL OR r.active_start_time <= CURRENT_TIMESTAMP)
      AND (r.active_end_time IS NULL OR r.active_end_time > CURRENT_TIMESTAMP)
    GROUP BY r.target_id
) link ON link.target_id = e.entity_id
LEFT JOIN entity_relationships o
    ON o.entity_relationship_id = CAST(RIGHT(link.newest, 20) AS UNSIGNED)
LEFT JOIN (
    SELECT
        p.entity_id,
        MAX(CONCAT(COALESCE(a.activity_start_time, '0000-00-00 00:00:00'),
                   LPAD(a.act_id, 20, '0'))) AS newest
    FROM participations p
    JOIN acts a ON a.act_id = p.act_id
    JOIN act_details w ON w.act_id = a.act_id AND w.name = 'weight'
    WHERE {page: p.entity_id}
      AND p.act_arch_short_name = 'act.patientWeight'
      AND p.arch_short_name = 'participation.patient'
      AND w.value NOT REGEXP '^ *(-.*|0*[.]*0*([eE][-+]*[0-9]+)*) *$'
    GROUP BY p.entity_id
) latest ON latest.entity_id = e.entity_id
LEFT JOIN acts weighing ON weighing.act_id = CAST(RIGHT(latest.newest, 20) AS UNSIGNED)
LEFT JOIN act_details weight ON weight.act_id = weighing.act_id AND weight.name = 'weight'
LEFT JOIN act_details unit ON unit.act_id = weighing.act_id AND unit.name = 'units'
WHERE e.arch_short_name = 'party.patientpet' AND {page}
ORDER BY e.entity_id
