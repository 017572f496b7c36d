"""Dead, alive or nothing said."""

import pytest

from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.deceased import is_deceased, read_flag, read_word


@pytest.mark.parametrize(
    ("flag", "status", "has_date", "deceased"),
    [
        (True, None, False, True), (None, True, False, True), (None, None, True, True),
        (True, False, False, True), (False, False, True, True), (False, True, False, True),
        (False, None, False, False), (None, False, False, False), (None, None, False, None),
    ],
)  # fmt: skip
def test_dead_wins_over_alive_and_alive_over_silence(flag, status, has_date, deceased):
    assert is_deceased(flag, status, has_date) is deceased


@pytest.mark.parametrize(
    ("word", "said"),
    [("Y", True), ("1", True), ("-1", True), ("TRUE", True), ("Dead", True), ("N", False),
     ("0", False), ("Alive", False), (None, None), ("", None), ("?", None)],
)  # fmt: skip
def test_a_deceased_flag_is_read_by_the_conventions(word, said):
    assert read_word(word, Conventions(), flag=True) == (said, True)


@pytest.mark.parametrize(
    ("word", "said"),
    [("DECEASED", True), ("Put to  sleep", True), ("Active", False), ("Inactive", None),
     ("Moved", None), ("", None)],
)  # fmt: skip
def test_a_status_word_says_dead_alive_or_nothing(word, said):
    assert read_word(word, Conventions(), flag=False) == (said, True)


def test_a_status_of_one_is_not_a_death():
    assert read_word("1", Conventions(), flag=False) == (None, False)


def test_a_word_nobody_knows_is_told():
    assert read_word("ZZ", Conventions(), flag=True) == (None, False)
    assert read_word("ZZ", Conventions(deceased_words=frozenset({"zz"})), flag=False) == (
        True,
        True,
    )


@pytest.mark.parametrize(("word", "said"), [("Yes", (True, True)), ("0", (False, True)), ("", (None, True)), ("dead", (None, False))])  # fmt: skip
def test_plain_flags_know_yes_and_no_only(word, said):
    assert read_flag(word, Conventions()) == said
