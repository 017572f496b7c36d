"""Plain phone fields: what they come to is what the reader says, to the letter."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.normalize.columns import plain_rows, texts
from vet_pipeline.normalize.phones import PLACEHOLDER_ENDS, PLACEHOLDERS, PhoneReader
from vet_pipeline.normalize.plain_phones import plain_phones

DIGITS = st.one_of(
    st.from_regex(r"(?:312|303|800|222|983|555)[2-9][0-9]{6}", fullmatch=True),
    st.sampled_from(sorted(PLACEHOLDERS) + [f"312{end}" for end in PLACEHOLDER_ENDS]),
    st.sampled_from(["3125550101", "3125550102", "8005550101", "2222222222", "5550101"]),
)
FORMS = st.sampled_from(
    ["{}", "1{}", "+1{}", "+{}", "1-{0[0]}", "({0[0]}){0[1]}", "{} ", " {}", "{} x1", "{} home",
     "{}/{}", "+1 {}", "1 {}", "11{}", "{}."]
)  # fmt: skip
NUMBER = st.one_of(
    st.tuples(DIGITS, FORMS).map(lambda one: one[1].replace("{0[0]}", "{}").replace("{0[1]}", "")
                                 .format(*[one[0]] * 2)),
    DIGITS.map(lambda d: f"({d[:3]}) {d[3:6]}-{d[6:]}"),
    DIGITS.map(lambda d: f"{d[:3]}-{d[3:6]}-{d[6:]}"),
    DIGITS.map(lambda d: f"{d[:3]}.{d[3:6]}  {d[6:]}"),
    st.text(alphabet="0123456789()-+ ./x\\\"[]é\u2011\n", max_size=14),
)  # fmt: skip
LABEL = st.one_of(
    st.none(),
    st.sampled_from(["Cell", "Home", "h", "", " ", "null", "],[", 'a"b', "a\\b", "Wife", "\u00e9"]),
    st.text(max_size=5),
)
PAIRS = st.lists(st.tuples(NUMBER, LABEL), max_size=4)
WRITTEN = st.tuples(PAIRS, st.booleans(), st.sampled_from([(",", ":"), (", ", ": ")])).map(
    lambda one: json.dumps(one[0], ensure_ascii=one[1], separators=one[2])
)
# A field as it is written, but for one character.
NEARLY = st.tuples(WRITTEN, st.integers(0, 60), st.sampled_from('"[], 1n\\')).map(
    lambda one: one[0][: one[1]] + one[2] + one[0][one[1] + 1 :]
)
CELL = st.one_of(st.none(), WRITTEN, NEARLY, st.text(max_size=12))


def plain(*cells, region="US"):
    is_plain, text = plain_phones(texts(cells), PhoneReader(region))
    return [row and row["phones"] for row in plain_rows(is_plain, {"phones": text})]


def written(*pairs):
    return json.dumps([list(pair) for pair in pairs], separators=(",", ":"))


@given(st.lists(CELL, min_size=1, max_size=6), st.sampled_from(["US", "CA", "GB"]))
def test_a_plain_field_is_what_its_reader_says(cells, region):
    reader = PhoneReader(region)
    for cell, text in zip(cells, plain(*cells, region=region), strict=True):
        if text is not None:
            read = reader.read(cell)
            assert (text, [], False) == (read.text, read.reasons, read.undecodable)


@pytest.mark.parametrize(
    "recorded",
    ["(312) 555-0101", "312-555-0101", "3125550101", "312.555.0101", "1-312-555-0101",
     "+1 312 555 0101", "+13125550101", "312/555-0101", "(312)555-0101", "3-1-2-5-5-5-0-1-0-1"],
)  # fmt: skip
def test_a_number_written_the_north_american_way_is_plain(recorded):
    assert plain(written((recorded, "Cell"))) == [
        '[{"number": "+13125550101", "extension": null, "kind": "mobile",'
        f' "recorded": "{recorded}"}}]'
    ]


def test_several_numbers_are_plain_each_with_its_own_label():
    field = written(("312-555-0101", "Home"), ("3125550102", None), ("312-555-0103", ""))
    assert [phone["kind"] for phone in json.loads(plain(field)[0])] == [
        "home",
        "unknown",
        "unknown",
    ]


@pytest.mark.parametrize("cell", [None, ""])
@pytest.mark.parametrize("region", ["US", "GB"])
def test_no_number_at_all_is_plain(cell, region):
    assert plain(cell, region=region) == ["[]"]


@pytest.mark.parametrize(
    "field",
    [
        written(("312-555-0101", "Cell"), ("3125550101", "Home")),  # the same number twice
        written(("312-555-0101", "Cell"), ("555-0102", "Home")),
        written(("312-555-0101 x12", "Cell")),
        written(("312  555 0101", "Cell")),
        written(("312-555-0101 ", "Cell")),
        written(("+3125550101", "Cell")),
        written(("312-555-5555", "Cell")),
        written(("888-888-8888", "Cell")),
        written(("100-200-3000", "Cell")),
        written(("312\u2011555\u20110101", "Cell")),
        written(("312-555-0101", 'the "cell"')),
        written(("312-555-0101", "cell [old]")),
        written((None, "Cell")),
        written(("", "Cell")),
        '[["312-555-0101", "Cell"]]',
        '[["312-555-0101","Cell"]',
        "[]",
        "null",
    ],
)
def test_any_other_field_is_left_to_the_reader(field):
    assert plain(field) == [None]


def test_of_a_region_with_other_rules_no_number_is_plain():
    assert plain(written(("312-555-0101", "Cell")), region="CA") == [None]


def test_a_field_that_is_not_plain_changes_nothing_for_its_neighbours():
    good = written(("312-555-0101", "Cell"), ("312-555-0102", "Home"))
    twice = written(("312-555-0101", "Cell"), ("312-555-0103", ""), ("312-555-0101", "Cell"))
    assert plain(twice, good, None, "x", good) == [None, *plain(good), "[]", None, *plain(good)]
