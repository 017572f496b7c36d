-- The date of the snapshot. The vendor's list names the table and not its columns.
SELECT * FROM created
