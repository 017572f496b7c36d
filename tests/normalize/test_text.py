"""Tidying of text, fillers, lost characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vet_pipeline.normalize.text import (
    MAX_TEXT,
    clean,
    clean_lines,
    is_broken_key,
    is_filler,
    is_undecodable,
    remembering,
)


@pytest.mark.parametrize(
    ("recorded", "tidy"),
    [
        (None, None),
        ("", None),
        ("  \t ", None),
        ("Smith", "Smith"),
        ("  Mary   Ann ", "Mary Ann"),
        ("SMITH", "SMITH"),
        ("a\r\nb\tc\x00d", "a b c d"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("\u200bAnn\u200e\ufeff\u00ad", "Ann"),
        ("\u202eevil\u202c", "evil"),
        ("\u3164R\u034fe\ufe0fx\U000e0041\uffa0", "Rex"),
        ("\u3164", None),
        ("Rex\u2800Bell", "Rex Bell"),
        ("O\x92Brien", "O\u2019Brien"),
        ("a\u00a0b\u3000c", "a b c"),
        ("\U0001f436 Rex", "\U0001f436 Rex"),
    ],
)
def test_text_is_tidied_without_losing_a_letter(recorded, tidy):
    assert clean(recorded) == tidy


@pytest.mark.parametrize(
    ("recorded", "meant"),
    [
        ("O&#39;Neil", "O'Neil"),
        ("Jos&#233; Mu&ntilde;oz", "José Muñoz"),
        ("Bell &amp; Sons", "Bell & Sons"),
        ("&quot;Rex&quot;&nbsp;&#x42;ell", '"Rex" Bell'),
        ("Tom & Jerry; Ann", "Tom & Jerry; Ann"),
        ("R&D; Bell&Sons;", "R&D; Bell&Sons;"),
        ("a&#0;b&#xD800;c&#999999999;", "a&#0;b&#xD800;c&#999999999;"),
        ("12 &frac12; Oak St", "12 ½ Oak St"),
        ("O&amp;#39;Neil", "O'Neil"),  # written so twice, by a PIMS and by its export
        ("Bell &amp;amp;amp; Sons &#38;lt;", "Bell & Sons <"),
        ("R&amp;D; Bell&amp;Sons;", "R&D; Bell&Sons;"),
        (r"O\'Neil", "O'Neil"),  # as PHP's addslashes leaves it, once or several times
        (r"O\\\'Neil \"Bo\"", 'O\'Neil "Bo"'),
        (r"O\&#39;Neil", "O'Neil"),
        (r"A\B C\ 'D'", r"A\B C\ 'D'"),
    ],
)
def test_characters_written_as_a_web_page_s_source_are_read_as_meant(recorded, meant):
    assert (clean(recorded), clean_lines(recorded)) == (meant, [meant])


def test_a_line_end_written_as_a_web_page_s_source_parts_lines():
    assert clean_lines("1 Main St&#13;&#10;Apt 4") == ["1 Main St", "Apt 4"]


def test_whatever_unicode_calls_ignorable_is_no_part_of_a_text():
    ignorable = (
        "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180f\u2065\u3164\ufe0f\uffa0\ufff0"
    )
    ignorable += "\U0001bca0\U0001d17a\U000e0001\U000e0100\U000e0fff"
    assert [clean(f"a{each}b") for each in ignorable] == ["ab"] * len(ignorable)
    assert all(is_broken_key(f"a{each}b") for each in ignorable)


def test_line_breaks_of_every_kind_part_lines():
    assert clean_lines(" 1 Main St\r\n\r\nApt 4\rOpelika\u2028AL") == [
        "1 Main St",
        "Apt 4",
        "Opelika",
        "AL",
    ]
    assert clean_lines(None) == clean_lines(" \n ") == []


@pytest.mark.parametrize("text", ["Jos\ufffd", "a\x81", "a\ud800", "\uffff"])
def test_lost_characters_are_noticed(text):
    assert is_undecodable(text)


@pytest.mark.parametrize("text", ["José", "O\x92Brien", "Ann", "\U0001f436"])
def test_text_that_can_be_read_is_not_called_undecodable(text):
    assert not is_undecodable(text)


@pytest.mark.parametrize(
    "text",
    [".", "-", "???", "UNKNOWN", "n/a", "None", "No Name", "***"]
    + ["#N/A", "#SPILL!", "#ERROR!", "#N/D", "#¡REF!", "#¿NOMBRE?"]
    + ["\\N", "(null)", "[NULL]", "<null>"]
    + ["nan", "NaN", "NaT", "<NA>", "undefined"],
)
def test_fillers_say_nothing(text):
    assert is_filler(text)


@pytest.mark.parametrize("text", ["Null", "Na", "Nil", "X", "Unknownski", "7", "Nan", "NAN", "Nat"])
def test_what_may_be_a_name_is_no_filler(text):
    assert not is_filler(text)


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    once = clean(text)
    assert clean(once) == once
    assert once is None or (once == once.strip() and "  " not in once)


@given(st.text())
def test_lines_are_clean_and_never_blank(text):
    assert all(clean(line) == line for line in clean_lines(text))


@pytest.mark.timeout(20)
def test_a_cell_of_nothing_but_backslashes_takes_no_longer_than_others():
    """It took seconds, and a practice's PIMS may hold any number of them."""
    texts = ["\\" * (MAX_TEXT - n) for n in range(50)]
    assert list(map(clean, texts)) == texts


def test_work_is_done_once_per_value():
    seen = []
    double = remembering(lambda n: seen.append(n) or n * 2)
    assert [double(2), double(3), double(2)] == [4, 6, 4]
    assert seen == [2, 3]
