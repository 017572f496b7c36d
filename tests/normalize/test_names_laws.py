"""Laws of reading names, by property: no word is lost, and a name read again stays the same."""

from dataclasses import asdict

from hypothesis import example, given
from hypothesis import strategies as st

from vet_pipeline.normalize.names import NameReader

NAME_TEXT = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            [
                "John",
                "Mary",
                "Smith",
                "Jr.",
                "III",
                "Mr.",
                "&",
                "and",
                "/",
                ",",
                "-",
                "(OLD)",
                "**",
                "#2",
                "DECEASED",
                "Rescue",
                "van",
                "de",
                "O'Neil",
                "12",
                ".",
                ";",
            ]
        ),
        max_size=8,
    ).map(" ".join),
)


@given(NAME_TEXT, NAME_TEXT, NAME_TEXT)
def test_no_word_of_a_name_is_ever_lost(first, last, full):
    name = NameReader().read(None, first, last, None, None)
    whole = NameReader().read(None, None, None, full, None)
    for recorded, found in ((f"{first} {last}", name), (full, whole)):
        if found.is_blank:
            continue
        kept = " ".join(value for value in asdict(found).values() if value).casefold()
        for word in ("john", "mary", "smith", "jr", "iii", "deceased", "rescue", "o'neil", "12"):
            if word in recorded.casefold().replace(".", "").split():
                assert word in kept


WORD = st.text(st.characters(categories=["Lu", "Ll"]), min_size=2, max_size=9)
NOTE = st.sampled_from(["", " (OLD)", " **DNM**", " - CASH ONLY", " #2", " *", ", Jr.", " III"])


@given(WORD, WORD, NOTE, NOTE)
@example("HUMANE", "AA", " (OLD)", "")
@example("LLC", "AA", " (OLD)", ", Jr.")
@example("AA", "FNU", "", ", Jr.")
def test_a_name_read_again_stays_the_same(first, last, after_first, after_last):
    name = NameReader().read(None, first + after_first, last + after_last, None, None)
    again = NameReader().read(name.title, name.first_name, name.last_name, None, name.organisation)
    assert (again.first_name, again.last_name) == (name.first_name, name.last_name)
    assert (again.title, again.organisation) == (name.title, name.organisation)
