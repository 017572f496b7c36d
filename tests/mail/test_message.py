"""What the confirmation says, and that nothing in it can break out of its place."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vet_pipeline.errors import DecisionRefused, UsageError
from vet_pipeline.mail.message import address_of, confirmation_message
from vet_pipeline.policy import FIELDS, LaterChange
from vet_pipeline.scriptright.telling.outbox import Claim

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def message(**changes: object) -> EmailMessage:
    values: dict[str, object] = {
        "practice_id": "elm-street",
        "attempt": 1,
        "practice_name": "Elm Street Vets",
        "contact_email": "desk@elm-street.example",
        "message_id": "<first-load.elm-street@scriptright.example>",
        "counts": {"clients_new": 3, "clients_linked": 2, "pets_new": 4},
    }
    values.update(changes)
    return confirmation_message(
        Claim(**values),  # type: ignore[arg-type]
        sender="ScriptRight <copies@scriptright.example>",
        support="help@scriptright.example",
        now=NOW,
    )


def body(of: EmailMessage, kind: str) -> str:
    part = of.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_it_is_one_message_in_plain_text_and_html_with_proper_headers() -> None:
    made = message()
    assert made.get_content_type() == "multipart/alternative"
    assert [p.get_content_type() for p in made.iter_parts()] == ["text/plain", "text/html"]
    assert made["Message-ID"] == "<first-load.elm-street@scriptright.example>"
    assert made["Auto-Submitted"] == "auto-generated"
    assert made["Date"].datetime == NOW
    assert str(made["From"]) == "ScriptRight <copies@scriptright.example>"
    assert str(made["Reply-To"]) == "help@scriptright.example"


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_it_says_what_was_copied_what_stays_manual_what_is_next_and_whom_to_ask(kind: str) -> None:
    words = " ".join(re.sub(r"<[^>]*>|^- ", " ", body(message(), kind), flags=re.M).split())
    _, by_itself, by_a_person = re.split("What (?:stays up to date by|only a person)", words)
    for found, later in (
        (by_itself, {LaterChange.AUTOMATIC}),
        (by_a_person, {LaterChange.MANUAL, LaterChange.ATTESTED}),
    ):
        labels = [field.label for field in FIELDS if f" {field.label}" in found]
        assert labels == [field.label for field in FIELDS if field.later in later]
    [attested] = [field.label for field in FIELDS if field.later is LaterChange.ATTESTED]
    assert f" {attested}: also needs the statement that it is the same animal" in by_a_person
    counts = {"plain": "Clients: 3 new, 2 matched", "html": "Clients 3 2 Pets 4 0"}
    for expected in (counts[kind], "48 to 72 hours", "Questions: help@scriptright.example"):
        assert expected in words


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_it_says_what_is_not_copied_yet_and_until_when(kind: str) -> None:
    counts = {
        "clients_new": 588, "clients_possible": 3, "pets_possible": 2, "pets_waiting": 7,
        "clients_quarantined": 12, "pets_quarantined": 35,
    }  # fmt: skip
    words = " ".join(body(message(counts=counts), kind).split())
    for expected in (
        "They may be the same as existing ones: clients: 3, pets: 2. Pets that wait with such a"
        " client: 7. They are copied or matched once a person has decided.",
        "Their entries in your system could not be used (no id, an id twice, an unknown owner, an"
        " impossible date, say): clients: 12, pets: 35. They are copied once they are correct there.",
    ):
        assert expected in words
    assert "not copied" not in body(message(), kind)


@pytest.mark.parametrize("counts", [{"clients_possible": 1}, {"pets_possible": 1}])
def test_a_question_about_clients_or_about_pets_alone_is_told_of(counts: dict[str, int]) -> None:
    words = " ".join(body(message(counts=counts), "plain").split())
    numbers = (counts.get(f"{record}_possible", 0) for record in ("clients", "pets"))
    asked = "They may be the same as existing ones: clients: {}, pets: {}. They are copied or"
    assert asked.format(*numbers) in words


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_it_never_says_to_do_nothing_beside_entries_to_correct(kind: str) -> None:
    words = " ".join(body(message(counts={"pets_quarantined": 35}), kind).split())
    assert "do anything but correct the entries that could not be used." in words
    assert "You do not need to do anything." not in words
    assert "You do not need to do anything." in " ".join(body(message(), kind).split())


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_practice_that_is_paused_is_not_told_that_it_is_read(kind: str) -> None:
    words = " ".join(body(message(paused=True), kind).split())
    assert "not read at present: copying is paused. Once it is resumed, your system is" in words
    assert "Your system is read again" not in words


def test_a_support_address_with_a_name_is_an_address_in_the_text() -> None:
    made = confirmation_message(
        Claim("elm", "<1@x>", 1, "Elm", "a@b.example", {}),
        sender="copies@scriptright.example",
        support="Help <help@scriptright.example>",
        now=NOW,
    )
    assert str(made["Reply-To"]) == "help@scriptright.example"
    assert body(made, "plain").endswith("Questions: help@scriptright.example\n")
    assert 'href="mailto:help@scriptright.example"' in body(made, "html")


def test_a_practice_name_cannot_add_a_header() -> None:
    made = message(practice_name="Elm\r\nBcc: all@evil.example\r\n\r\nHi")
    sent = message_from_bytes(made.as_bytes(), policy=default)
    assert sent["Bcc"] is None
    assert sent["Subject"] == "Elm Bcc: all@evil.example Hi: your clients and pets are copied"


def test_a_practice_name_cannot_add_markup() -> None:
    html = body(message(practice_name="<script>alert(1)</script> & Sons"), "html")
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons" in html


@given(st.text(min_size=1, max_size=60))
def test_whatever_the_practice_is_called_the_headers_stay_ours(name: str) -> None:
    try:
        wire = message(practice_name=name).as_bytes()
    except UnicodeEncodeError:
        assert any("\ud800" <= c <= "\udfff" for c in name)
        return
    sent = message_from_bytes(wire, policy=default)
    assert sorted(set(sent.keys())) == sorted(
        [
            "Subject", "From", "To", "Reply-To", "Date", "Message-ID", "Auto-Submitted",
            "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
        ]
    )  # fmt: skip
    assert str(sent["To"]) == "desk@elm-street.example"


@pytest.mark.parametrize(
    "contact",
    [
        "a,b@evil.example",
        "a@b.example, c@d.example",
        "group:a@b.example;",
        "a@b@c",
        "nobody",
        "ü@x.example",
    ],
)
def test_a_contact_address_that_is_not_exactly_one_address_is_refused(contact: str) -> None:
    with pytest.raises(DecisionRefused) as refused:
        message(contact_email=contact)
    assert contact not in str(refused.value)


def test_a_sender_that_is_no_address_is_a_usage_error() -> None:
    with pytest.raises(UsageError):
        confirmation_message(
            Claim("elm", "<1@x>", 1, "Elm", "a@b.example", {}),
            sender="ScriptRight",
            support=None,
            now=NOW,
        )


def test_an_address_comes_out_of_a_name_and_an_address() -> None:
    assert address_of("Front Desk <desk@elm.example>") == "desk@elm.example"


@pytest.mark.parametrize("slip", ["desk@", "desk@ ", "<", "desk@[", ".:", ":;:", ",.)"])
def test_an_address_that_was_cut_is_none_and_no_defect_of_ours(slip: str) -> None:
    assert address_of(slip) is None
