-- IsDeceased, Inactive and IsDeleted are three different things. Several owners share a pet by
-- percentage, which may be text; the primary one is taken, else the largest share (none: 0), else
-- the lowest id.
SELECT
    {text: p.PmsID} AS patient_key,
    {text: (
        SELECT MIN(r.ClientPmsID)
        FROM IClientPatientRelationship r
        WHERE r.PatientPmsID = p.PmsID
          AND COALESCE(r.Type, 'Owner') = 'Owner'
          AND NOT EXISTS (
              SELECT 1
              FROM IClientPatientRelationship better
              WHERE better.PatientPmsID = r.PatientPmsID
                AND COALESCE(better.Type, 'Owner') = 'Owner'
                AND (
                    (COALESCE({flag: better.IsPrimary}, '0') IN ('1', 'true', 'True', '-1')
                     AND COALESCE({flag: r.IsPrimary}, '0') NOT IN ('1', 'true', 'True', '-1'))
                    OR (COALESCE({flag: better.IsPrimary}, '0') = COALESCE({flag: r.IsPrimary}, '0')
                        AND COALESCE({number: better.Percentage}, 0)
                            > COALESCE({number: r.Percentage}, 0))))
    )} AS client_key,
    {text: p.Name} AS name,
    {text: p.SpeciesDescription} AS species,
    {text: p.Breed1Description} AS breed,
    {date: p.DateOfBirth} AS birth_date,
    NULL AS birth_date_estimated,
    {text: p.Weight} AS weight,
    {text: p.WeightUnit} AS weight_unit,
    NULL AS weight_date,
    {flag: p.IsDeceased} AS deceased_flag,
    {date: p.DateOfDeath} AS deceased_date,
    CASE WHEN COALESCE({flag: p.Inactive}, '0') IN ('1', 'true', 'True', '-1')
        THEN 'inactive' ELSE 'active' END AS status
FROM IPatient p
WHERE COALESCE({flag: p.IsDeleted}, '0') NOT IN ('1', 'true', 'True', '-1') AND {page}
ORDER BY p.PmsID
