"""The pharmacy's staff, who ask the client and the practice, so they answer by the truth."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial
from typing import Any

from benchmarks.year.desk import Row
from benchmarks.year.pharmacy import BY
from benchmarks.year.rates import ANSWERED, NEVER_ANSWERED, OWN_NUMBER_GIVEN
from benchmarks.year.shop import Shop
from benchmarks.year.world import address_key, cells_said, weight_key
from vet_pipeline.errors import PipelineError
from vet_pipeline.matching import match
from vet_pipeline.policy import Record
from vet_pipeline.scriptright.decisions import links
from vet_pipeline.scriptright.decisions.review import confirm, list_suggestions, reject


class Staff:
    """Answers what is open; `rejected` has the values that were said no to."""

    def __init__(self, shop: Shop) -> None:
        """Nothing answered yet."""
        self.shop, self.world = shop, shop.world
        self.rng = random.Random(f"staff of {shop.pharmacy.id}")  # lives don't hang on answers
        self.pharmacy = shop.pharmacy
        self.answers: Counter[tuple[str, str, str]] = Counter()  # what, reason, answer
        self.rejected: set[tuple[str, int, str, str]] = set()
        self.refused: Counter[str] = Counter()
        self.false_links: set[tuple[str, str, int]] = set()
        self._told: set[tuple[str, str]] = set()
        self._never: set[tuple[str, int]] = set()

    def work(self) -> None:
        """A day's answers: possible matches, links in question, then suggestions."""
        with self.pharmacy.engine.connect() as connection:
            pairs = links.list_candidates(connection, self.pharmacy.id, limit=100_000)
            reviews = links.list_link_reviews(connection, self.pharmacy.id, limit=100_000)
        for pair in sorted(pairs, key=lambda one: one.record):
            if self._has_time("match", pair.candidate_id):
                self._try(partial(self._match, pair))
        for review in reviews:
            if self._has_time("review", review.review_id):
                self._try(partial(self._review, review))
        with self.pharmacy.engine.connect() as connection:
            asked = list_suggestions(connection, self.pharmacy.id, limit=100_000)
        for one in asked:
            if self._has_time("suggestion", one.suggestion_id):
                self._try(partial(self._suggestion, one))

    def _has_time(self, kind: str, number: int) -> bool:
        if (kind, number) in self._never:
            return False
        if self.rng.random() < NEVER_ANSWERED:
            self._never.add((kind, number))
            return False
        return self.rng.random() < ANSWERED

    def _try(self, act: Any) -> None:
        try:
            act()
        except PipelineError as error:
            self.refused[type(error).__name__] += 1

    def _row_about(self, record: str, pims_id: str) -> int:
        row = self.shop.desk.entry(record, pims_id)
        return row.about if row else 0

    def _match(self, pair: Any) -> None:
        same = self._row_about(pair.record, pair.pims_id) == self.shop.about.get(
            (pair.record, pair.record_id)
        )
        answer = partial(links.confirm_candidate, match=match) if same else links.reject_candidate
        answer(self.pharmacy.engine, self.pharmacy.id, pair.candidate_id, by=BY, shown=pair.shown)
        self.answers["possible match", pair.record, "yes" if same else "no"] += 1

    def _review(self, review: Any) -> None:
        about = self.shop.about.get((review.record, review.record_id), 0)
        same = self._row_about(review.record, review.pims_id) == about
        here = self.pharmacy.engine, self.pharmacy.id
        if same:
            links.keep_link(*here, review.review_id, by=BY, shown=review.shown)
        elif (review.record, review.pims_id, review.record_id) in self.false_links:
            links.undo_link(*here, review.record, review.pims_id, by=BY)
        else:  # the row was handed on since: it is the practice's turn
            self._tell_practice(review.record, review.pims_id, about)
            return
        self.answers["link in question", review.record, "kept" if same else "undone"] += 1

    def _suggestion(self, one: Any) -> None:
        about = self.shop.about.get((one.record, one.record_id))
        if about is None:
            return  # made today by a word on a match
        judge = self._is_true_of_client if one.record == "client" else self._is_true_of_pet
        yes = bool(about) and judge(one, about)
        here = self.pharmacy.engine, self.pharmacy.id, one.suggestion_id
        if yes:
            said = "asked the owner" if one.needs_attestation else None
            confirm(*here, by=BY, shown=one.shown, same_animal=True, statement=said)
        else:
            reject(*here, by=BY, shown=one.shown)
            self.rejected.add((one.record, one.record_id, one.field, one.pims_id))
            if one.may_be_anothers and self._row_about(one.record, one.pims_id) not in (0, about):
                self._tell_practice(one.record, one.pims_id, about)
        self.answers[f"{one.record} {one.field}", one.reason, "yes" if yes else "no"] += 1

    def _tell_practice(self, record: Record, pims_id: str, about: int) -> None:
        """A practice that has no other number for the newcomer says so: then its row is parted."""
        if not about or (record, pims_id) in self._told:
            return
        self._told.add((record, pims_id))
        if self.rng.random() < OWN_NUMBER_GIVEN:
            give = partial(self.shop.desk.give_own_number, record, pims_id, about)
            self.shop.desk.later(self.rng.randint(3, 30), give)
        else:
            self._part(record, pims_id)

    def _part(self, record: Record, pims_id: str) -> None:
        """Once the desk has typed the newcomer whole: what is left of the one would come along."""
        row = self.shop.desk.entry(record, pims_id)
        if row and row.about and self._says_another(record, row):
            self.shop.desk.later(1, partial(self._part, record, pims_id))
        else:
            self._try(partial(self.pharmacy.part, record, pims_id))
            self.answers[f"row of a {record}", "another_record", "parted"] += 1

    def _says_another(self, record: Record, row: Row) -> bool:
        said, about = cells_said(row.cells), row.about
        if record == "pet":
            weight = weight_key(
                *(row.cells.get(k) for k in ("weight", "weight_unit", "weight_date"))
            )
            said = {"pet name": (row.cells.get("name") or "").casefold(), "weight": weight}
            if row.cells.get("deceased_flag") == "1" and self.world.animals[about].died is None:
                return True
        return any(self.world.is_of_another(k, value, about) for k, value in said.items() if value)

    def _is_true_of_client(self, one: Any, about: int) -> bool:
        who, new = self.world.clients[about], one.new
        if one.field == "name":
            said = ((new["first_name"] or "").casefold(), (new["last_name"] or "").casefold())
            return said == (who.given.casefold(), who.surname.casefold())
        if one.field == "address":
            return address_key(new) == address_key(who.address)
        if one.field == "phones":
            return [number["number"][-10:] for number in new["phones"] or []] == [who.phone]
        return bool(new["email"]) and new["email"].lower() == who.email.lower()

    def _is_true_of_pet(self, one: Any, about: int) -> bool:
        pet, new = self.world.animals[about], one.new
        if one.field == "name":
            return (new["name"] or "").casefold() == pet.name.casefold()
        if one.field == "age":
            return pet.born_known and bool(new["birth_date"] == pet.born.isoformat())
        if one.field == "breed":
            breed = pet.breed if pet.breed_known else ""
            said = ((new["species"] or "").casefold(), (new["breed"] or "").casefold())
            return said == (pet.species.casefold(), breed.casefold())
        if one.field == "weight":
            return self._weighs(one, pet)
        if one.field == "deceased":
            return new["deceased"] is not None and new["deceased"] == (pet.died is not None)
        return self.shop.about.get(("client", new.get("client_id") or 0), -1) == pet.owner

    def _weighs(self, one: Any, pet: Any) -> bool:
        """The newest weighing, or a true one for what is no weighing of this animal."""
        mine = [weight_key(*weighing) for weighing in pet.weighings]
        keys = ("weight_value", "weight_unit", "weighed_on")
        now, new = (weight_key(*(side[k] for k in keys)) for side in (one.current, one.new))
        return new in mine and (new == mine[-1] or now not in mine)
