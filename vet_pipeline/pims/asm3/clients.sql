-- The second person of an owner row (the *2 columns) isn't taken: older versions lack them.
-- An address may run over several lines; normalizing takes them apart.
-- ASM3 writes a backtick for each apostrophe (O`Neil) and &bt; for a backtick, and turns them back
-- when it reads.
SELECT
    {text: o.ID} AS client_key,
    {text: o.OwnerTitle} AS title,
    {text: REPLACE(REPLACE(o.OwnerForeNames, '`', ''''), '&bt;', '`')} AS first_name,
    {text: REPLACE(REPLACE(o.OwnerSurname, '`', ''''), '&bt;', '`')} AS last_name,
    {text: REPLACE(REPLACE(o.OwnerName, '`', ''''), '&bt;', '`')} AS full_name,
    NULL AS organisation,
    {text: REPLACE(REPLACE(o.OwnerAddress, '`', ''''), '&bt;', '`')} AS address_line1,
    NULL AS address_line2,
    NULL AS address_line3,
    {text: REPLACE(REPLACE(o.OwnerTown, '`', ''''), '&bt;', '`')} AS city,
    {text: REPLACE(REPLACE(o.OwnerCounty, '`', ''''), '&bt;', '`')} AS state,
    {text: o.OwnerPostcode} AS postal_code,
    {text: REPLACE(REPLACE(o.EmailAddress, '`', ''''), '&bt;', '`')} AS email,
    {text: REPLACE(REPLACE(o.MobileTelephone, '`', ''''), '&bt;', '`')} AS phone1,
    'mobile' AS phone1_label,
    {text: REPLACE(REPLACE(o.HomeTelephone, '`', ''''), '&bt;', '`')} AS phone2,
    'home' AS phone2_label,
    {text: REPLACE(REPLACE(o.WorkTelephone, '`', ''''), '&bt;', '`')} AS phone3,
    'work' AS phone3_label
FROM owner o
WHERE {page}
ORDER BY o.ID
