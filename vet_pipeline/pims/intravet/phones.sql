SELECT
    {text: n.ClientID} AS client_key,
    {text: n.PhoneNumber} AS number,
    {text: n.Description} AS label
FROM ClientPhoneNumber n
WHERE {page}
ORDER BY n.ClientID, n.ID
