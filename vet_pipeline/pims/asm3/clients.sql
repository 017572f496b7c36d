-- The second person of an owner row (the *2 columns) isn't taken: older versions lack them.
-- An address may run over several lines; normalizing takes them apart.
SELECT
    {text: o.ID} AS client_key,
    {text: o.OwnerTitle} AS title,
    {text: o.OwnerForeNames} AS first_name,
    {text: o.OwnerSurname} AS last_name,
    {text: o.OwnerName} AS full_name,
    NULL AS organisation,
    {text: o.OwnerAddress} AS address_line1,
    NULL AS address_line2,
    NULL AS address_line3,
    {text: o.OwnerTown} AS city,
    {text: o.OwnerCounty} AS state,
    {text: o.OwnerPostcode} AS postal_code,
    {text: o.EmailAddress} AS email,
    {text: o.MobileTelephone} AS phone1,
    'mobile' AS phone1_label,
    {text: o.HomeTelephone} AS phone2,
    'home' AS phone2_label,
    {text: o.WorkTelephone} AS phone3,
    'work' AS phone3_label
FROM owner o
WHERE {page}
ORDER BY o.ID
