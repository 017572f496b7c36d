SELECT
    {text: client_key} AS client_key,
    {text: number} AS number,
    {text: label} AS label
FROM vetpipeline_phones
WHERE {page}
ORDER BY
    vetpipeline_phones.client_key,
    vetpipeline_phones.position,
    vetpipeline_phones.number,
    vetpipeline_phones.label
