-- Two items say pounds: ShowWeightInLbs (lb and oz, kept as decimal pounds too) and
-- ShowWeightInLbsFraction (decimal lb). ASM3 takes Yes and True for yes, all else for no, and an
-- item without a row for its default: Yes for the first, No for the second. A new database has no row.
SELECT
    'weight_unit_when_missing' AS setting,
    CASE WHEN EXISTS (
        SELECT 1 FROM configuration
        WHERE ItemName IN ('ShowWeightInLbs', 'ShowWeightInLbsFraction')
          AND LOWER(ItemValue) IN ('yes', 'true')
    ) OR NOT EXISTS (
        SELECT 1 FROM configuration WHERE ItemName = 'ShowWeightInLbs'
    ) THEN 'lb' ELSE 'kg' END AS value
