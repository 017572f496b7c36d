"""What the matcher says of a pair carries no value of any record: it goes to logs and events."""

from tests.matching.rows import HOME, client, crowd, pet, side
from vet_pipeline.matching import match

CONTACTS = {"phones": ["+13344610472"], "email": "nancy.milliren@example.com", **HOME}
HOME_SIDE = side(
    [client("h", "Nancy", "Milliren", **CONTACTS), *crowd(20)],
    [pet("hp", "h", "Rexington", birth_date="2019-04-02")],
)
PIMS_SIDE = side(
    [client("p", "NANCY", "MILLIREN", **CONTACTS), client("q", "GERALD", "MILLIREN", **CONTACTS)],
    [pet("pp", "p", "REXINGTON", birth_date="2019-04-02")],
)


def test_results_carry_no_value_of_any_record():
    result = match(HOME_SIDE, PIMS_SIDE)
    text = (result.clients.to_csv() + result.pets.to_csv() + repr(result.notes)).casefold()

    for value in ("nancy", "milliren", "rexington", "dogwood", "461", "2019"):
        assert value not in text
