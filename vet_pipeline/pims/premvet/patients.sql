-- On farm records (ORT = FC) Breed holds a map reference. A horse's weight is NULL. The weight's
-- unit isn't recorded: set it for the practice, else it stays unknown.
-- client.IsClient is NO as soon as ANY animal moved away; only the animal's own word is taken.
SELECT
    {text: a.SiteAnimal} AS patient_key,
    {text: c.CID} AS client_key,
    {text: a.AnimalName} AS name,
    {text: a.Species} AS species,
    {text: CASE WHEN a.ORT = 'FC' THEN NULL ELSE a.Breed END} AS breed,
    {date: a.DateOfBirth} AS birth_date,
    NULL AS birth_date_estimated,
    {text: a.Weight} AS weight,
    NULL AS weight_unit,
    {date: a.LastWeightDate} AS weight_date,
    {text: a.Dead} AS deceased_flag,
    {date: a.DateofDeath} AS deceased_date,
    CASE WHEN a.IsClient = 'No' THEN 'moved away' END AS status
FROM animal a
LEFT JOIN client c ON c.ClientKey = a.ClientKey
WHERE {page}
ORDER BY a.SiteAnimal
