-- Weights are a child table without a unit; the newest that isn't 0 counts, of equal dates the
-- highest ID, as a number first (of texts '9' is above '10'); one without a date counts where none
-- has any. Deceased and inactive columns aren't known, so nothing is said about either.
SELECT
    {text: p.ID} AS patient_key,
    {text: p.ClientID} AS client_key,
    {text: p.Name} AS name,
    {text: s.Description} AS species,
    {text: b.Description} AS breed,
    {date: p.DOB} AS birth_date,
    NULL AS birth_date_estimated,
    {text: w.Weight} AS weight,
    NULL AS weight_unit,
    {date: w.Date} AS weight_date,
    NULL AS deceased_flag,
    NULL AS deceased_date,
    NULL AS status
FROM Patient p
LEFT JOIN ListSpecies s ON s.ID = p.SpeciesID
LEFT JOIN ListBreed b ON b.ID = p.BreedID
LEFT JOIN PatientWeight w ON w.ID = (
    SELECT MAX(w2.ID)
    FROM PatientWeight w2
    WHERE w2.PatientID = p.ID
      AND w2.Weight > 0
      AND NOT EXISTS (
          SELECT 1
          FROM PatientWeight w5
          WHERE w5.PatientID = p.ID AND w5.Weight > 0
            AND (w5.Date = w2.Date OR (w5.Date IS NULL AND w2.Date IS NULL))
            AND COALESCE({number: w5.ID}, 0) > COALESCE({number: w2.ID}, 0))
      AND (w2.Date = (
              SELECT MAX(w3.Date)
              FROM PatientWeight w3
              WHERE w3.PatientID = p.ID AND w3.Weight > 0)
          OR NOT EXISTS (
              SELECT 1
              FROM PatientWeight w4
              WHERE w4.PatientID = p.ID AND w4.Weight > 0 AND w4.Date IS NOT NULL)))
WHERE {page}
ORDER BY p.ID
