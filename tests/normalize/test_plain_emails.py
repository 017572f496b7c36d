"""Plain email addresses: what they come to is what the reader says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.normalize.columns import plain_rows, texts
from vet_pipeline.normalize.emails import LOCALS, WEAK_LOCALS, read_email
from vet_pipeline.normalize.plain_emails import plain_emails

LOCAL = st.one_of(
    st.sampled_from(sorted(LOCALS | WEAK_LOCALS | {"no.email", "NoEmail12", "x7"})),
    st.text(alphabet="abcXYZ019._+-'é", max_size=8),
    st.sampled_from(["b" * 64, "b" * 65]),
)
DOMAIN = st.one_of(
    st.sampled_from(
        ["gmail.com", "GMail.COM", "none.com", "na.org", "x.test", "x.Local", "a.b.c.de", "noemail",
         "x" * 63 + ".com", "x" * 64 + ".com", "x." * 60 + "com"]
    ),
    st.text(alphabet="abcXYZ019.-é", max_size=10),
)  # fmt: skip
CELL = st.one_of(
    st.none(),
    st.tuples(LOCAL, DOMAIN).map("@".join),
    st.tuples(st.sampled_from(["", " ", "<", "mailto:"]), LOCAL, DOMAIN).map(
        lambda parts: f"{parts[0]}{parts[1]}@{parts[2]}"
    ),
    st.text(max_size=30),
)


def plain(*cells):
    is_plain, address = plain_emails(texts(cells))
    return plain_rows(is_plain, {"email": address})


@given(st.lists(CELL, min_size=1, max_size=6))
def test_a_plain_email_is_what_its_reader_says(cells):
    for cell, email in zip(cells, plain(*cells), strict=True):
        if email is not None:
            read = read_email(cell)
            assert (email["email"], []) == (read.address, read.reasons)


@pytest.mark.parametrize(
    ("recorded", "address"),
    [(None, None), ("", None), ("bob@example.com", "bob@example.com"),
     ("Bob.Smith+vet@Mail.EXAMPLE.com", "Bob.Smith+vet@mail.example.com"),
     ("b" * 64 + "@example.com", "b" * 64 + "@example.com"),
     ("na-na@na-na.com", "na-na@na-na.com")],
)  # fmt: skip
def test_an_address_that_no_rule_is_about_is_plain(recorded, address):
    assert plain(recorded) == [{"email": address}]


@pytest.mark.parametrize(
    "recorded",
    [" ", "none", "bob@example.com ", "bob@x.test", "none@example.com", "bob@none.com",
     "na@gmail.com", "b" * 65 + "@example.com", "b@" + "x" * 64 + ".com", "b@" + "x." * 64 + "com",
     "o'brien@example.com", "bob@example.com; ann@example.com", "jö@example.com"],
)  # fmt: skip
def test_any_other_is_left_to_the_reader(recorded):
    assert plain(recorded) == [None]
