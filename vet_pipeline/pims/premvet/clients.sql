SELECT
    {text: c.CID} AS client_key,
    {text: c.Title} AS title,
    {text: c.Initials} AS first_name,
    {text: c.Surname} AS last_name,
    NULL AS full_name,
    NULL AS organisation,
    {text: c.AddressLine1} AS address_line1,
    {text: c.AddressLine2} AS address_line2,
    {text: c.AddressLine3} AS address_line3,
    NULL AS city,
    NULL AS state,
    {text: c.Postcode} AS postal_code,
    {text: c.EMail} AS email,
    {text: c.Mobile_Number} AS phone1,
    'mobile' AS phone1_label,
    {text: c.Telephone} AS phone2,
    'telephone' AS phone2_label
FROM client c
WHERE {page}
ORDER BY c.CID
