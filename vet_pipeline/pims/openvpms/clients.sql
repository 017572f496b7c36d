-- One row a client. Address and email: a current contact that has begun, filled before blank (an
-- email with an @ in it: "n/a" is none), preferred before not ("preferred" is the default of every
-- new contact, so several are), then by purpose, then the oldest: a merge copies the loser's
-- contacts with new, higher ids.
SELECT
    {text: e.entity_id} AS client_key,
    {text: COALESCE(t.name, d.title)} AS title,
    {text: d.first_name} AS first_name,
    {text: d.last_name} AS last_name,
    {text: e.name} AS full_name,
    {text: d.company_name} AS organisation,
    {text: SUBSTRING_INDEX(l.address, CHAR(10 USING utf8), 1)} AS address_line1,
    {text: CASE WHEN LOCATE(CHAR(10 USING utf8), l.address) > 0
        THEN SUBSTRING_INDEX(SUBSTRING_INDEX(l.address, CHAR(10 USING utf8), 2),
                             CHAR(10 USING utf8), -1) END} AS address_line2,
    {text: NULLIF(SUBSTRING(l.address, CHAR_LENGTH(
        SUBSTRING_INDEX(l.address, CHAR(10 USING utf8), 2)) + 2), '')} AS address_line3,
    {text: COALESCE(suburb.name, l.suburb)} AS city,
    {text: COALESCE(state.name, l.state)} AS state,
    {text: l.post_code} AS postal_code,
    {text: email.value} AS email
FROM entities e
LEFT JOIN (
    SELECT
        entity_id,
        MAX(CASE WHEN name = 'title' THEN value END) AS title,
        MAX(CASE WHEN name = 'firstName' THEN value END) AS first_name,
        MAX(CASE WHEN name = 'lastName' THEN value END) AS last_name,
        MAX(CASE WHEN name = 'companyName' THEN value END) AS company_name
    FROM entity_details
    WHERE {page: entity_id} AND name IN ('title', 'firstName', 'lastName', 'companyName')
    GROUP BY entity_id
) d ON d.entity_id = e.entity_id
LEFT JOIN lookups t ON t.arch_short_name = 'lookup.personTitle' AND t.code = d.title
LEFT JOIN (
    SELECT
        x.contact_id,
        MAX(CASE WHEN x.name = 'address' THEN x.value END) AS address,
        MAX(CASE WHEN x.name = 'suburb' THEN x.value END) AS suburb,
        MAX(CASE WHEN x.name = 'state' THEN x.value END) AS state,
        MAX(CASE WHEN x.name = 'postCode' THEN x.value END) AS post_code
    FROM contacts lc
    JOIN contact_details x ON x.contact_id = lc.contact_id
    WHERE {page: lc.party_id} AND lc.arch_short_name = 'contact.location'
    GROUP BY x.contact_id
) l ON l.contact_id = (
    SELECT c.contact_id
    FROM contacts c
    LEFT JOIN contact_details p ON p.contact_id = c.contact_id AND p.name = 'preferred'
    LEFT JOIN contact_details a ON a.contact_id = c.contact_id AND a.name = 'address'
    LEFT JOIN contact_classifications cc ON cc.contact_id = c.contact_id
    LEFT JOIN lookups purpose ON purpose.lookup_id = cc.lookup_id
    WHERE c.party_id = e.entity_id
      AND c.arch_short_name = 'contact.location'
      AND COALESCE(c.active, 1) <> 0
      AND (c.active_start_time IS NULL OR c.active_start_time <= CURRENT_TIMESTAMP)
      AND (c.active_end_time IS NULL OR c.active_end_time > CURRENT_TIMESTAMP)
    ORDER BY
        CASE WHEN TRIM(COALESCE(a.value, '')) <> '' THEN 0 ELSE 1 END,
        CASE WHEN p.value = 'true' THEN 0 ELSE 1 END,
        CASE purpose.code
            WHEN 'SHIPPING' THEN 0 WHEN 'HOME' THEN 1 WHEN 'POSTAL' THEN 2
            WHEN 'WORK' THEN 4 WHEN 'BILLING' THEN 5 ELSE 3 END,
        c.contact_id
    LIMIT 1)
LEFT JOIN lookups suburb ON suburb.arch_short_name = 'lookup.suburb' AND suburb.code = l.suburb
LEFT JOIN lookups state ON state.arch_short_name = 'lookup.state' AND state.code = l.state
LEFT JOIN contact_details email ON email.name = 'emailAddress' AND email.contact_id = (
    SELECT c.contact_id
    FROM contacts c
    LEFT JOIN contact_details p ON p.contact_id = c.contact_id AND p.name = 'preferred'
    LEFT JOIN contact_details a ON a.contact_id = c.contact_id AND a.name = 'emailAddress'
    WHERE c.party_id = e.entity_id
      AND c.arch_short_name = 'contact.email'
      AND COALESCE(c.active, 1) <> 0
      AND (c.active_start_time IS NULL OR c.active_start_time <= CURRENT_TIMESTAMP)
      AND (c.active_end_time IS NULL OR c.active_end_time > CURRENT_TIMESTAMP)
    ORDER BY
        CASE WHEN a.value LIKE '%@%' THEN 0 WHEN TRIM(COALESCE(a.value, '')) <> '' THEN 1 ELSE 2 END,
        CASE WHEN p.value = 'true' THEN 0 ELSE 1 END,
        c.contact_id
    LIMIT 1)
WHERE e.arch_short_name = 'party.customerperson' AND {page}
ORDER BY e.entity_id
