SELECT
    {text: patient_key} AS patient_key,
    {text: client_key} AS client_key,
    {text: name} AS name,
    {text: species} AS species,
    {text: breed} AS breed,
    {date: birth_date} AS birth_date,
    {flag: birth_date_estimated} AS birth_date_estimated,
    {text: weight} AS weight,
    {text: weight_unit} AS weight_unit,
    {date: weight_date} AS weight_date,
    {flag: deceased_flag} AS deceased_flag,
    {date: deceased_date} AS deceased_date,
    {text: status} AS status
FROM vetpipeline_patients
WHERE {page}
ORDER BY vetpipeline_patients.patient_key
