-- Keys are compared as texts, too: of a number in one table and texts in the other MariaDB makes one
-- client of 12, '012' and '12A', and each had the other's address.
-- Father and son, and sisters of one first given name, differ by what stands in columns of its own;
-- REPLACE joins texts on every engine, and LIKE would trip over a backslash. What the other column
-- has as a word already isn't said twice.
SELECT
    {text: c.PmsID} AS client_key,
    {text: c.Prefix} AS title,
    {text: CASE
        WHEN {said: c.MiddleName} AND {said: c.FirstName}
            AND REPLACE(REPLACE(' [name] ', '[name]', LOWER(REPLACE(c.FirstName, '.', ''))),
                        REPLACE(' [more] ', '[more]', LOWER(REPLACE(c.MiddleName, '.', ''))), '')
                = REPLACE(' [name] ', '[name]', LOWER(REPLACE(c.FirstName, '.', '')))
        THEN REPLACE(REPLACE('[name] [more]', '[more]', c.MiddleName), '[name]', c.FirstName)
        ELSE c.FirstName END} AS first_name,
    {text: CASE
        WHEN {said: c.Suffix} AND {said: c.LastName}
            AND REPLACE(REPLACE(' [name] ', '[name]', LOWER(REPLACE(c.LastName, '.', ''))),
                        REPLACE(' [more] ', '[more]', LOWER(REPLACE(c.Suffix, '.', ''))), '')
                = REPLACE(' [name] ', '[name]', LOWER(REPLACE(c.LastName, '.', '')))
        THEN REPLACE(REPLACE('[name] [more]', '[more]', c.Suffix), '[name]', c.LastName)
        ELSE c.LastName END} AS last_name,
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
