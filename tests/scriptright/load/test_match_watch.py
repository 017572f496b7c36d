"""A first load's matches are measured, and a practice unlike the model's is left to a person."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from tests.scriptright.builders import Cells, add_practice, client, load, one, pet, phones, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.matching import Decision, MatchResult, Side, match
from vet_pipeline.registry import practices
from vet_pipeline.registry.practice_settings import Settings, changed
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.decisions.links import confirm_candidate, list_candidates
from vet_pipeline.scriptright.trail.audit import verify

NAMES = ("Ann", "Bert", "Carla", "Dora", "Emil", "Frida", "Gus", "Hanna", "Ivo", "Jane")
SURNAMES = (
    "Abbot", "Bell", "Cole", "Dunn", "Ellis", "Frost", "Garcia", "Hayes", "Irwin", "Jones",
    "Keller", "Lopez", "Moore", "Nash", "Ortiz", "Pratt", "Quinn", "Reyes", "Stone", "Turner",
    "Underwood", "Vance", "Walsh", "Young", "Zimmer",
)  # fmt: skip
MANY = len(NAMES) * len(SURNAMES)


def people() -> list[Cells]:
    """250 clients, each with an address, a number and an email of their own."""
    return [
        client(
            str(i),
            first_name=NAMES[i % len(NAMES)],
            last_name=SURNAMES[i // len(NAMES)],
            address_line1=f"{100 + i} Elm St",
            email=f"client{i}@example.com",
            phones=phones(f"217-555-{1000 + i}"),
        )
        for i in range(MANY)
    ]


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """The same 250 people in Home Delivery, the first with her dog."""
    add_practice(engine)
    with engine.begin() as connection:
        for person in people():
            values = {k: person[k] for k in ("first_name", "last_name", "address_line1", "city",
                                             "state", "postal_code", "email")}  # fmt: skip
            number = {"number": f"+1{person['phones'][3:15].replace('-', '')}", "kind": "unknown"}
            values["phones"] = [number]
            web_shop.add_client(connection, "oak", values)
        web_shop.add_pet(connection, "oak", 1, {"name": "Rex", "species": "dog"})
    return engine


def weak(home: Side, pims: Side, *, decisions: Sequence[Decision] = ()) -> MatchResult:
    """The matcher, but every link is told with the same weak score: like no practice known."""
    return all_scored(1.0, match(home, pims, decisions=decisions))


def strong(home: Side, pims: Side, *, decisions: Sequence[Decision] = ()) -> MatchResult:
    """The matcher, but every link is told with the same score, and a better one than is known."""
    return all_scored(40.0, match(home, pims, decisions=decisions))


def all_scored(bits: float, found: MatchResult) -> MatchResult:
    for part in (found.clients, found.pets):
        part.loc[(part["decision"] == "linked") & part["score"].notna(), "score"] = bits
    return found


def let_it_link(engine: Engine) -> None:
    with engine.begin() as connection:
        own = changed(Settings(), ["matching.accept_drift=true"])
        practices.change_settings(connection, "oak", own, by="Pat Doe")


PETS = [pet("10", "0"), pet("11", "0", name="Mia", species="cat", breed="Siamese")]


def test_a_first_load_counts_decoys_and_what_they_say_of_false_links(oak: Engine) -> None:
    load(oak, "oak", 1, people(), PETS)
    counts = one(oak, "SELECT counts FROM scriptright.load")
    assert counts["decoys"] == MANY
    assert counts["decoys_linked"] <= 1
    assert 0 < counts["decoys_linked_at_most_per_million"] < 30_000
    assert counts["scores_compared"] == MANY
    with oak.connect() as connection:
        assert verify(connection, "oak") is None
    later = load(oak, "oak", 2, people(), PETS).counts
    assert "decoys" not in later, "measured on the first load alone"


def test_a_practice_without_a_single_fault_is_known_and_linked(oak: Engine) -> None:
    done = load(oak, "oak", 1, people(), PETS)
    assert done.counts["score_drift_per_mille"] < done.counts["score_drift_limit_per_mille"]
    assert done.counts["scores_unlike"] == 0
    assert done.counts["clients_linked"] == MANY


def test_scores_better_than_any_known_practice_has_leave_every_link_to_a_person_too(
    oak: Engine,
) -> None:
    done = load(oak, "oak", 1, people(), PETS, matcher=strong)
    assert (done.counts["scores_unlike"], done.counts["links_held_back"]) == (1, MANY)
    assert (done.counts["clients_linked"], done.counts["clients_possible"]) == (0, MANY)


def test_decoys_leave_nothing_behind(oak: Engine) -> None:
    load(oak, "oak", 1, people(), PETS, matcher=weak)
    assert one(oak, "SELECT count(*) FROM scriptright.client") == MANY
    assert one(oak, "SELECT count(*) FROM scriptright.pims_client") == MANY
    assert one(
        oak, "SELECT count(*) FROM scriptright.match_candidate WHERE pims_id LIKE 'decoy%'"
    ) == 0  # fmt: skip


def test_scores_unlike_the_models_leave_every_link_to_a_person(oak: Engine) -> None:
    done = load(oak, "oak", 1, people(), PETS, matcher=weak)
    assert done.counts["scores_unlike"] == 1
    assert done.counts["links_held_back"] == MANY
    assert (done.counts["clients_linked"], done.counts["clients_possible"]) == (0, MANY)
    assert (done.counts["pets_linked"], done.counts["pets_waiting"]) == (0, 2)
    assert rows(oak, "SELECT * FROM scriptright.client_link") == []


def test_later_loads_hold_back_as_well_until_a_named_person_accepts(oak: Engine) -> None:
    load(oak, "oak", 1, people(), PETS, matcher=weak)
    again = load(oak, "oak", 2, people(), PETS)
    assert (again.counts["clients_linked"], again.counts["clients_possible"]) == (0, MANY)
    let_it_link(oak)
    done = load(oak, "oak", 3, people(), PETS)
    assert done.counts["clients_linked"] == MANY
    assert "links_held_back" not in done.counts
    assert rows(
        oak, "SELECT actor, detail FROM scriptright.audit WHERE act = 'settings_changed'"
    ) == [("Pat Doe", {"settings": {"matching.accept_drift": [None, "True"]}})]


def test_while_links_are_held_back_a_confirmed_clients_pets_wait_for_a_person_too(
    oak: Engine,
) -> None:
    load(oak, "oak", 1, people(), PETS, matcher=weak)
    with oak.connect() as connection:
        [ann] = list_candidates(connection, "oak", record="client", pims_id="0")
    confirm_candidate(oak, "oak", ann.candidate_id, by="Pat Doe", 
                      match=ToldMatcher(pets={"10": ("linked", [1])}))  # fmt: skip
    assert rows(oak, "SELECT pims_id, method FROM scriptright.pet_link") == [("11", "created")]
    assert rows(
        oak, "SELECT pims_id, record_id FROM scriptright.match_candidate"
        " WHERE record = 'pet' AND state = 'open'",
    ) == [("10", 1)]  # fmt: skip


def test_while_links_are_held_back_a_waiting_pet_keeps_the_reason_of_its_doubt(oak: Engine) -> None:
    """Who isn't told that the PIMS's Rex died before the record was made would make Rex dead."""
    died = PETS[0] | {"deceased_flag": "1", "deceased_date": "2021-03-04", "birth_date": None}
    load(oak, "oak", 1, people(), [died, *PETS[1:]], matcher=weak)
    with oak.connect() as connection:
        [ann] = list_candidates(connection, "oak", record="client", pims_id="0")
    confirm_candidate(oak, "oak", ann.candidate_id, by="Pat Doe",
                      match=ToldMatcher(pets={"10": ("linked", [1])}))  # fmt: skip
    assert rows(
        oak, "SELECT evidence->>'reason' FROM scriptright.match_candidate"
        " WHERE record = 'pet' AND state = 'open'",
    ) == [("died_earlier",)]  # fmt: skip


def test_a_practice_accepted_beforehand_is_measured_and_linked(oak: Engine) -> None:
    let_it_link(oak)
    done = load(oak, "oak", 1, people(), PETS, matcher=weak)
    assert done.counts["scores_unlike"] == 1
    assert done.counts["clients_linked"] == MANY


def test_a_practices_own_threshold_decides(oak: Engine) -> None:
    strict = changed(Settings(), ["matching.link_bits=60", "matching.possible_bits=-20"])
    done = load(oak, "oak", 1, people(), PETS, matcher=strict.matching.matcher())
    assert (done.counts["clients_linked"], done.counts["clients_possible"]) == (0, MANY)


def test_the_matchers_word_is_kept_with_the_evidence(oak: Engine) -> None:
    load(oak, "oak", 1, people(), PETS)
    assert rows(
        oak, "SELECT DISTINCT evidence->>'reason' FROM scriptright.client_link"
    ) == [("evidence",)]  # fmt: skip
