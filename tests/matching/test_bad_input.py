"""Bad input costs bounded time and memory, is counted, and merges nobody."""

import time

import pandas as pd
import pytest

from tests.matching.rows import HOME, client, crowd, decided, pet, side
from vet_pipeline.errors import UsageError
from vet_pipeline.matching import Side, match
from vet_pipeline.matching.profiles import people

NOTHING = side([])


def within(seconds, home, pims):
    """The result, and that it took less CPU than `seconds`."""
    start = time.process_time()
    result = match(home, pims)
    assert time.process_time() - start < seconds
    return result


def test_nothing_on_both_sides_gives_nothing():
    result = within(5, NOTHING, NOTHING)

    assert (len(result.clients), len(result.pets)) == (0, 0)


def test_an_empty_home_side_makes_everybody_new():
    pims = side([client("p", "Nancy", "Milliren", **HOME)], [pet("pp", "p", "Rex")])

    result = within(5, NOTHING, pims)

    assert decided(result) == [("p", None, "new")]
    assert decided(result, "pets") == [("pp", None, "new")]


def test_an_empty_pims_side_answers_nothing():
    assert decided(within(5, side(crowd()), NOTHING)) == []


def test_frames_without_any_optional_column_are_fine():
    bare = Side(
        pd.DataFrame({"client_id": ["a"]}), pd.DataFrame({"pet_id": ["b"], "client_id": ["a"]})
    )

    assert decided(within(5, bare, bare)) == [("a", None, "new")]


def test_clients_without_names_are_never_linked_by_what_they_share():
    home = side([client(f"h{i}", None, None, **HOME) for i in range(300)])
    pims = side([client(f"p{i}", None, None, **HOME) for i in range(300)])

    assert set(within(20, home, pims).clients["decision"]) == {"new"}


def test_five_thousand_people_at_one_address_explode_nothing_and_merge_nobody():
    names = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "bdfgklmnprst"]
    home = side(
        [
            client(f"h{i}", names[i % 719] + "a", names[(i * 7) % 720] + "er", **HOME)
            for i in range(5000)
        ]
    )
    pims = side(
        [
            client(f"p{i}", names[(i * 3) % 719] + "o", names[(i * 11) % 720] + "ik", **HOME)
            for i in range(5000)
        ]
    )

    result = within(60, home, pims)

    assert (result.clients["decision"] == "linked").sum() == 0


def test_two_thousand_rows_sharing_one_phone_explode_nothing_and_merge_nobody():
    names = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "bdfgklmnprst"]
    phone = ["+13342381408"]
    home = side(
        [
            client(f"h{i}", names[i % 719], names[(i * 7) % 720] + "er", phones=phone)
            for i in range(2000)
        ]
    )
    pims = side(
        [
            client(f"p{i}", names[(i * 5) % 719], names[(i * 11) % 720] + "ik", phones=phone)
            for i in range(2000)
        ]
    )

    result = within(30, home, pims)

    assert (result.clients["decision"] == "linked").sum() == 0
    assert result.notes["values_too_common"] > 0


def test_a_thousand_namesakes_with_one_phone_and_address_are_not_merged():
    same = {"phones": ["+13342381408"], **HOME}
    home = side([client(f"h{i}", "Test", "Client", **same) for i in range(1000)])
    pims = side([client(f"p{i}", "Test", "Client", **same) for i in range(1000)])

    result = within(30, home, pims)

    assert (result.clients["decision"] == "linked").sum() == 0


def test_a_shelter_with_three_thousand_pets_explodes_nothing():
    contacts = {"phones": ["+13344610472"], **HOME}
    names = [f"{a}{b}" for a in ("Rex", "Luna", "Max", "Bella", "Tiny") for b in range(600)]
    home = side(
        [client("h", "Nancy", "Milliren", **contacts)],
        [pet(f"h{i}", "h", n) for i, n in enumerate(names)],
    )
    pims = side(
        [client("p", "Nancy", "Milliren", **contacts)],
        [pet(f"p{i}", "p", n) for i, n in enumerate(names)],
    )

    within(60, home, pims)


@pytest.mark.parametrize("column", ["first", "last", "organisation", "partner_first_name"])
def test_a_text_of_a_hundred_thousand_letters_is_compared_by_its_beginning(column):
    # Its square in bytes was asked for: 10 GB and 18 seconds.
    names = {"first": "Robert", "last": "Milliren", column: "Robert" + "xq" * 50_000}
    first, last = names.pop("first"), names.pop("last")
    at_home = side([client("h", first, last, **HOME, **names), *crowd()])
    in_pims = side([client("p", "Robert", "Milliren", **HOME), *crowd()])

    assert people(at_home, in_pims).names.sizes.max() == 200
    assert len(match(at_home, in_pims).clients) == 61


def test_repeated_ids_are_refused():
    twice = side([client("h", "Nancy", "Milliren"), client("h", "Nancy", "Milliren")])

    with pytest.raises(UsageError, match="client_id of the home side is blank or repeated"):
        match(twice, NOTHING)
