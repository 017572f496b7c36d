SELECT
    {text: n.RelationshipPmsID} AS client_key,
    {text: n.Number} AS number,
    {text: n.Type} AS label,
    {text: n.Extension} AS extension
FROM IPhone n
WHERE COALESCE(n.RelationshipType, 'Client') = 'Client' AND {page}
ORDER BY
    n.RelationshipPmsID,
    CASE WHEN {yes: n.IsPrimary} THEN 0 ELSE 1 END,
    n.Sequence,
    n.Number
