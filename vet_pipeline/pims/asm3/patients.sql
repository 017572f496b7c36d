-- OwnerID 0 is nobody, Weight 0 is not weighed, DeceasedDate NULL is alive. The weight has no unit:
-- that is a setting of the site (settings.sql). The day of weighing isn't kept. A backtick is an
-- apostrophe (clients.sql).
SELECT
    {text: a.ID} AS patient_key,
    {text: NULLIF(a.OwnerID, 0)} AS client_key,
    {text: REPLACE(REPLACE(a.AnimalName, '`', ''''), '&bt;', '`')} AS name,
    {text: REPLACE(REPLACE(s.SpeciesName, '`', ''''), '&bt;', '`')} AS species,
    {text: REPLACE(REPLACE(COALESCE(NULLIF(a.BreedName, ''), b.BreedName),
        '`', ''''), '&bt;', '`')} AS breed,
    {date: a.DateOfBirth} AS birth_date,
    {flag: a.EstimatedDOB} AS birth_date_estimated,
    {text: a.Weight} AS weight,
    NULL AS weight_unit,
    NULL AS weight_date,
    {flag: a.PutToSleep} AS deceased_flag,
    {date: a.DeceasedDate} AS deceased_date,
    NULL AS status
FROM animal a
LEFT JOIN species s ON s.ID = a.SpeciesID
LEFT JOIN breed b ON b.ID = a.BreedID
WHERE {page}
ORDER BY a.ID
