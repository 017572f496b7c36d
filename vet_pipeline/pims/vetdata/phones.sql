-- A blank RelationshipType is the default, a client's, as is NULL; words are compared in small
-- letters. TRIM came to SQL Server with 2017.
SELECT
    {text: n.RelationshipPmsID} AS client_key,
    {text: n.Number} AS number,
    {text: n.Type} AS label,
    {text: n.Extension} AS extension
FROM IPhone n
WHERE LOWER(COALESCE(NULLIF(LTRIM(RTRIM(n.RelationshipType)), ''), 'client')) = 'client'
  AND {page}
ORDER BY
    n.RelationshipPmsID,
    CASE WHEN {yes: n.IsPrimary} THEN 0 ELSE 1 END,
    n.Sequence,
    n.Number
