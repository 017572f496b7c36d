-- ShowWeightInLbs is Yes unless the row says No; a new database has no row.
SELECT
    'weight_unit_when_missing' AS setting,
    CASE WHEN EXISTS (
        SELECT 1 FROM configuration
        WHERE ItemName = 'ShowWeightInLbs' AND LOWER(ItemValue) = 'no'
    ) THEN 'kg' ELSE 'lb' END AS value
