-- Current phone numbers that have begun, preferred first, then the oldest. The label is the purpose, such as HOME.
-- A number that begins with its area code is written whole: the code isn't put before it once more.
SELECT
    {text: c.party_id} AS client_key,
    {text: CASE
        WHEN REPLACE(REPLACE(REPLACE(REPLACE(number.value, '(', ''), ')', ''), ' ', ''), '-', '')
            LIKE CONCAT(NULLIF(TRIM(REPLACE(REPLACE(area.value, '(', ''), ')', '')), ''), '_______%')
        THEN number.value
        ELSE CONCAT_WS(' ', NULLIF(TRIM(area.value), ''), number.value) END} AS number,
    {text: COALESCE(
        (SELECT GROUP_CONCAT(purpose.code ORDER BY purpose.code SEPARATOR ' ')
         FROM contact_classifications cc
         JOIN lookups purpose ON purpose.lookup_id = cc.lookup_id
         WHERE cc.contact_id = c.contact_id),
        CASE WHEN sms.value = 'true' THEN 'SMS' END)} AS label
FROM contacts c
JOIN contact_details number ON number.contact_id = c.contact_id AND number.name = 'telephoneNumber'
LEFT JOIN contact_details area ON area.contact_id = c.contact_id AND area.name = 'areaCode'
LEFT JOIN contact_details sms ON sms.contact_id = c.contact_id AND sms.name = 'sms'
LEFT JOIN contact_details p ON p.contact_id = c.contact_id AND p.name = 'preferred'
WHERE c.arch_short_name = 'contact.phoneNumber'
  AND COALESCE(c.active, 1) <> 0
  AND (c.active_start_time IS NULL OR c.active_start_time <= CURRENT_TIMESTAMP)
  AND (c.active_end_time IS NULL OR c.active_end_time > CURRENT_TIMESTAMP)
  AND {page}
ORDER BY c.party_id, CASE WHEN p.value = 'true' THEN 0 ELSE 1 END, c.contact_id
