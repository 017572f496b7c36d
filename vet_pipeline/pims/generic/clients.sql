SELECT
    {text: client_key} AS client_key,
    {text: title} AS title,
    {text: first_name} AS first_name,
    {text: last_name} AS last_name,
    {text: full_name} AS full_name,
    {text: organisation} AS organisation,
    {text: address_line1} AS address_line1,
    {text: address_line2} AS address_line2,
    {text: address_line3} AS address_line3,
    {text: city} AS city,
    {text: state} AS state,
    {text: postal_code} AS postal_code,
    {text: email} AS email,
    {text: phone1} AS phone1,
    {text: phone1_label} AS phone1_label,
    {text: phone2} AS phone2,
    {text: phone2_label} AS phone2_label,
    {text: phone3} AS phone3,
    {text: phone3_label} AS phone3_label,
    {text: phone4} AS phone4,
    {text: phone4_label} AS phone4_label
FROM vetpipeline_clients
WHERE {page}
ORDER BY vetpipeline_clients.client_key
