"""What stands in a name's columns for whoever writes or calls, and is no part of the name."""

import pytest

from tests.normalize.test_names import read


def test_m_m_is_mr_and_mrs_and_nobodys_initial():
    expected = {"title": "Mr & Mrs", "first_name": "John", "last_name": "Smith"}
    assert read("M/M John", "Smith") == expected
    assert read(None, None, "Smith, M/M John") == expected
    assert read("M/M", "Smith") == {"title": "Mr & Mrs", "last_name": "Smith"}
    for two in (read("M & M", "Smith"), read(None, None, "M & M Smith")):
        assert two == {"first_name": "M", "partner_first_name": "M", "last_name": "Smith"}


@pytest.mark.parametrize("note", ["Do Not Contact", "DO NOT SHIP", "don't refill", "NO CONTACT"])
def test_who_is_not_to_be_written_to_has_no_such_name(note):
    assert read(f"John {note}", "Smith") == {
        "first_name": "John", "last_name": "Smith", "name_note": note
    }  # fmt: skip
    assert read("John", f"Smith-{note}") == {
        "first_name": "John", "last_name": "Smith", "name_note": note
    }  # fmt: skip
