SELECT
    {text: c.ID} AS client_key,
    NULL AS title,
    {text: c.FirstName} AS first_name,
    {text: c.LastName} AS last_name,
    NULL AS full_name,
    {text: c.CompanyName} AS organisation,
    {text: c.Street} AS address_line1,
    {text: c.Street2} AS address_line2,
    NULL AS address_line3,
    {text: c.City} AS city,
    {text: c.State} AS state,
    {text: c.Zip} AS postal_code,
    {text: c.Email} AS email
FROM Client c
WHERE {page}
ORDER BY c.ID
