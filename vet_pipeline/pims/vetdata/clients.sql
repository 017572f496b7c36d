-- Keys are compared as texts, too: of a number in one table and texts in the other MariaDB makes one
-- client of 12, '012' and '12A', and each had the other's address.
SELECT
    {text: c.PmsID} AS client_key,
    {text: c.Prefix} AS title,
    {text: c.FirstName} AS first_name,
    {text: c.LastName} AS last_name,
    {text: c.FullName} AS full_name,
    NULL AS organisation,
    {text: a.Address1} AS address_line1,
    {text: a.Address2} AS address_line2,
    NULL AS address_line3,
    {text: a.City} AS city,
    {text: a.State} AS state,
    {text: a.Zip} AS postal_code,
    {text: a.Email} AS email
FROM IClient c
LEFT JOIN Client a ON a.AccountId = c.PmsID
    AND LOWER(LTRIM(RTRIM({text: a.AccountId}))) = LOWER(LTRIM(RTRIM({text: c.PmsID})))
WHERE NOT {yes: c.IsDeleted} AND {page}
ORDER BY c.PmsID
