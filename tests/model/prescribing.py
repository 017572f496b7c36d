"""What the web shop and pharmacists do with prescriptions, in the practice and in the model."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Engine, text

from tests.model.pharmacy import Pharmacy
from tests.model.practice import Practice
from tests.model.prescriptions import word_on


class Prescribing:
    """The acts of `Lives` that are about prescriptions."""

    engine: Engine
    done: Counter[str]
    model: Pharmacy
    practice: Practice

    def _prescribe(self, n: str, who: str, written: tuple[str, str]) -> None:
        """The web shop writes one, perhaps from a page that is old by now."""
        pet = self.model.records.get(n + who)
        if pet is None:
            return
        label, whose = written
        client = (pet.owner or "") if whose == "its owner" else n + whose
        if client not in self.model.records:
            return
        label = (pet.values["name"] or "Rexy") if label == "its name" else label
        ids = self.practice.ids
        where = {"p": self.practice.id, "client": ids[client], "pet": ids[n + who], "label": label}
        with self.engine.begin() as connection:
            connection.execute(_PRESCRIBE, where)
        self.done["prescribed"] += 1
        word = word_on(self.model, n + who, client, label)
        key = f"{n} {len(self.model.prescriptions)}"
        self.model.do(("prescribe", key, n + who, client, label, word))

    def _pharmacist(self, n: str, number: int, state: str) -> None:
        """A pharmacist ends one, renews it or makes it active."""
        here = [key for key in self.model.prescriptions if key.startswith(n)]
        key = here[number % len(here)]
        p = self.model.prescriptions[key]
        if state == p.state:
            return
        word = word_on(self.model, p.pet, p.client, p.label, got_a_name=p.got_a_name)
        where = {"p": self.practice.id, "state": state}
        with self.engine.begin() as connection:
            connection.execute(_SAVE, where | {"n": list(self.model.prescriptions).index(key)})
        self.done["prescriptions_saved"] += 1
        self.model.do(("saved", key, state, word))


_PRESCRIBE = text("""
    INSERT INTO scriptright.prescription (practice_id, client_id, pet_id, label_name, drug)
    VALUES (:p, :client, :pet, :label, 'tramadol')
""")
_SAVE = text("""
    UPDATE scriptright.prescription SET state = :state, new_name = NULL
    WHERE practice_id = :p AND prescription_id = (
        SELECT prescription_id FROM scriptright.prescription
        WHERE practice_id = :p ORDER BY prescription_id LIMIT 1 OFFSET :n)
""")
