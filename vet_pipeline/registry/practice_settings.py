"""What may differ between practices: guards, matching, reading, conventions. Values only.

Stored as JSON in `scriptright.practice.settings`; who changes them is in practices.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from vet_pipeline.deltas.guards import Thresholds
from vet_pipeline.errors import UsageError
from vet_pipeline.policy import Record
from vet_pipeline.snapshots.contract import parted_key

if TYPE_CHECKING:
    from vet_pipeline.matching import MatchSettings
    from vet_pipeline.normalize.conventions import Conventions
    from vet_pipeline.scriptright.load.apply_matching import Matcher
    from vet_pipeline.scriptright.load.match_watch import Watch

# Below 3 bits (one wrong in nine, if the model is right) nothing is certain enough to be merged
# without a person; above 60 nothing ever is.
LinkBits = Annotated[float, Field(ge=3, le=60, allow_inf_nan=False)]
PossibleBits = Annotated[float, Field(ge=-20, le=60, allow_inf_nan=False)]


def _listed(value: Any) -> Any:
    """What stands between commas, each once."""
    if isinstance(value, str):
        value = {" ".join(part.casefold().split()) for part in value.split(",")} - {""}
    return tuple(sorted(value)) if isinstance(value, set | list) else value


def _read(words: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse words that are never read as dead or alive: set in vain, the dead would be living."""
    from vet_pipeline.normalize.deceased import says_nothing

    if unread := [word for word in words if says_nothing(word)]:
        says = "says" if len(unread) == 1 else "say"
        raise ValueError(
            f"{', '.join(unread)} {says} nothing of life or death, whoever means it so"
        )
    return words


Words = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_read)]
Days = Annotated[tuple[date, ...], BeforeValidator(_listed)]


class ReaderSettings(BaseModel):
    """How gently the PIMS is read: overrides of the connector's limits, by their names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limits: dict[str, int | float] = {}


class MatchingSettings(BaseModel):
    """Thresholds of the matcher in bits, log2 of the odds for *the same*; None: the model's own.

    `accept_drift`: a person has looked at this practice's matches and lets the machine link them
    although their scores look unlike those that the model knows.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    link_bits: LinkBits | None = None
    possible_bits: PossibleBits | None = None
    pet_link_bits: LinkBits | None = None
    pet_possible_bits: PossibleBits | None = None
    accept_drift: bool = False

    @model_validator(mode="after")
    def _possible_is_below_link(self) -> MatchingSettings:
        for possible, link in (
            (self.possible_bits, self.link_bits),
            (self.pet_possible_bits, self.pet_link_bits),
        ):
            if possible is not None and link is not None and possible > link:
                raise ValueError("a possible match can't need more bits than a link")
        return self

    def for_matcher(self) -> MatchSettings:
        """As the matcher takes them."""
        from vet_pipeline.matching import MatchSettings

        return MatchSettings(
            client_link_bits=self.link_bits,
            client_possible_bits=self.possible_bits,
            pet_link_bits=self.pet_link_bits,
            pet_possible_bits=self.pet_possible_bits,
        )

    def matcher(self) -> Matcher:
        """The matcher by this practice's thresholds."""
        from vet_pipeline.matching import match

        return partial(match, settings=self.for_matcher())

    def watch(self) -> Watch:
        """What measures a first load's matches, by the same thresholds."""
        from vet_pipeline.scriptright.load.match_watch import watch_matches

        return partial(watch_matches, settings=self.for_matcher())


Header = Annotated[str, Field(min_length=1, max_length=60)]
_HOW_WRITTEN = {
    "weight_unit_when_missing", "phone_region", "date_order", "deceased_words", "alive_words",
    "blank_dates",
}  # fmt: skip


class Settings(BaseModel):
    """What may differ between practices; None leaves it to the connector or the model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    thresholds: Thresholds = Field(default_factory=Thresholds)
    matching: MatchingSettings = MatchingSettings()
    reader: ReaderSettings = Field(default_factory=ReaderSettings)
    weight_unit_when_missing: Literal["kg", "g", "lb", "oz"] | None = None
    phone_region: str | None = Field(default=None, pattern="^[A-Z]{2}$")
    date_order: Literal["ymd", "mdy", "dmy"] | None = None
    # Beside the connector's own: what a practice has put into lists that it makes itself.
    deceased_words: Words = ()
    alive_words: Words = ()
    blank_dates: Days = ()
    # Which header of an export is a column's, where several could be or none is known for it.
    headers: dict[str, dict[str, Header]] = {}
    # Of which keys the PIMS has given to another for good, and the how manieth has it by now.
    parted: dict[Record, dict[str, Annotated[int, Field(ge=2)]]] = {}

    def how_written(self) -> dict[str, Any]:
        """What they say of how things are written, as JSON has it."""
        said = self.model_dump(mode="json", include=_HOW_WRITTEN)
        for name, groups in (("headers", self.headers), ("parted", self.parted)):
            if stated := {group: names for group, names in groups.items() if names}:
                said[name] = stated
        return said

    def conventions(self, connector: Conventions) -> Conventions:
        """The connector's conventions with this practice's own put over them.

        Whoever says that PTS are patients here is believed, though elsewhere it is the word for
        dead.
        """
        own = {
            "weight_unit_when_missing": self.weight_unit_when_missing,
            "phone_region": self.phone_region,
            "date_order": self.date_order,
        }
        given: dict[str, Any] = {name: value for name, value in own.items() if value is not None}
        return replace(
            connector,
            deceased_words=connector.deceased_words.difference(self.alive_words).union(
                self.deceased_words
            ),
            alive_words=connector.alive_words.union(self.alive_words),
            blank_dates=connector.blank_dates.union(day.isoformat() for day in self.blank_dates),
            **given,
        )


def parted(settings: Settings, record: Record, pims_id: str) -> tuple[Settings, str]:
    """The settings by which that key is another's from the next read on, and the key it gets."""
    keys = settings.parted.get(record, {})
    known, number = next(
        ((k, n) for k, n in keys.items() if parted_key(k, n) == pims_id), (pims_id, 1)
    )
    document = settings.model_dump()
    document["parted"] = settings.parted | {record: keys | {known: number + 1}}
    return Settings.model_validate(document), parted_key(known, number + 1)


def parted_to(settings: Settings, record: Record, pims_id: str) -> str | None:
    """What a key is read as from the next run on that was parted since; None where it stays."""
    for key, number in settings.parted.get(record, {}).items():
        if pims_id in (key, *(parted_key(key, before) for before in range(2, number))):
            return parted_key(key, number)
    return None


def changed(settings: Settings, assignments: Iterable[str]) -> Settings:
    """The settings with `name=value` assignments made; dots go down: `thresholds.new_percent=80`.

    A blank value takes a setting back to its default. Raises UsageError naming what is wrong.
    A PIMS id (`parted.client.A.7=`) may have dots, and equals signs, of its own.
    """
    document = settings.model_dump(exclude_defaults=True)
    for assignment in assignments:
        cut = assignment.rpartition if assignment.startswith("parted.") else assignment.partition
        name, equals, value = (part.strip() for part in cut("="))
        if not name or not equals:
            raise _wrong(f"{name or 'an assignment'} isn't of the form name=value")
        *path, last = name.split(".", 2)  # no setting is deeper
        at = document
        for step in path:
            below = at.setdefault(step, {})
            if not isinstance(below, dict):
                raise _wrong(f"{name}: {step} has no parts")
            at = below
        if value:
            at[last] = value
        elif isinstance(at.pop(last, None), dict):
            raise _wrong(f"{name} is a group of settings: take each back by itself")
    try:
        result = Settings.model_validate(document)
    except ValidationError as error:
        faults = dict(_fault(dict(one)) for one in error.errors())
        told = "; ".join(f"{name or 'settings'}: {what}" for name, what in faults.items())
        if _UNKNOWN in faults.values():
            raise _wrong(told) from None
        raise UsageError(told, next_step=_TAKES) from None
    if result.phone_region and result.phone_region != settings.phone_region:
        from vet_pipeline.normalize.phone_plan import require_region  # seldom asked for, and slow

        try:
            require_region(result.phone_region)
        except ValueError as error:
            raise UsageError(str(error), next_step=_TAKES) from None
    return result


_UNKNOWN = "there is no such setting"
_TAKES = "docs/review.md says what each setting takes"


def _fault(error: Mapping[str, Any]) -> tuple[str, str]:
    """The setting and what is wrong with it; of one that may be whole or not, a word only once."""
    path = [str(part) for part in error["loc"] if part not in {"int", "float"}]
    if error["type"] == "extra_forbidden":
        return ".".join(path), _UNKNOWN
    return ".".join(path), error["msg"].removeprefix("Value error, ")


def as_lines(settings: Settings) -> dict[str, Any]:
    """Every setting that isn't its default, by its dotted name."""
    return _flat(settings.model_dump(mode="json", exclude_defaults=True))


def written_lines(settings: Settings) -> dict[str, Any]:
    """Of those, what they say of how the PIMS writes things: true of that one alone."""
    return {
        name: value
        for name, value in as_lines(settings).items()
        if name in _HOW_WRITTEN or name.startswith(("headers.", "parted."))
    }


def _flat(values: dict[str, Any], above: str = "") -> dict[str, Any]:
    lines: dict[str, Any] = {}
    for name, value in values.items():
        lines |= (
            _flat(value, f"{above}{name}.") if isinstance(value, dict) else {above + name: value}
        )
    return lines


def setting_names() -> list[str]:
    """The dotted names of all settings; those of the reader's limits are the connector's."""
    names: list[str] = []
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += [f"{name}.{part}" for part in kind.model_fields]
        else:
            names.append(name)
    parts = {
        "reader.limits": "reader.limits.NAME",
        "headers": "headers.EXPORT.COLUMN",
        "parted": "parted.client|pet.PIMS-ID",
    }
    return [parts.get(name, name) for name in names]


def _wrong(what: str) -> UsageError:
    return UsageError(what, next_step=f"settings are {', '.join(setting_names())}")
