-- IsDeceased, Inactive and IsDeleted are three different things. Several owners share a pet by
-- percentage, which may be text; the primary one is taken, else the largest share (none: 0), else
-- the lowest id. A deleted client, as a merge leaves one behind, owns nothing. A blank Type is the
-- default, the owner's, as is NULL. Keys are compared as texts, too (clients.sql).
SELECT
    {text: p.PmsID} AS patient_key,
    {text: (
        SELECT MIN(r.ClientPmsID)
        FROM IClientPatientRelationship r
        LEFT JOIN IClient o ON o.PmsID = r.ClientPmsID
            AND LOWER(LTRIM(RTRIM({text: o.PmsID}))) = LOWER(LTRIM(RTRIM({text: r.ClientPmsID})))
        WHERE r.PatientPmsID = p.PmsID
          AND LOWER(LTRIM(RTRIM({text: r.PatientPmsID}))) = LOWER(LTRIM(RTRIM({text: p.PmsID})))
          AND LOWER(COALESCE(NULLIF(LTRIM(RTRIM(r.Type)), ''), 'owner')) = 'owner'
          AND NOT {yes: o.IsDeleted}
          AND NOT EXISTS (
              SELECT 1
              FROM IClientPatientRelationship better
              LEFT JOIN IClient b ON b.PmsID = better.ClientPmsID
                  AND LOWER(LTRIM(RTRIM({text: b.PmsID}))) = LOWER(LTRIM(RTRIM({text: better.ClientPmsID})))
              WHERE better.PatientPmsID = r.PatientPmsID
                AND LOWER(COALESCE(NULLIF(LTRIM(RTRIM(better.Type)), ''), 'owner')) = 'owner'
                AND NOT {yes: b.IsDeleted}
                AND (
                    ({yes: better.IsPrimary} AND NOT {yes: r.IsPrimary})
                    OR (({yes: better.IsPrimary} OR NOT {yes: r.IsPrimary})
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
    CASE WHEN {yes: p.Inactive}
        THEN 'inactive' ELSE 'active' END AS status
FROM IPatient p
WHERE NOT {yes: p.IsDeleted} AND {page}
ORDER BY p.PmsID
