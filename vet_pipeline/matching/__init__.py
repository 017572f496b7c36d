"""Which PIMS record is which home-delivery record: candidates, evidence, scores, decisions.

Pure: normalized frames in, decisions and their reasons out. Nothing is read or stored here.

Where to look: `run` matches owners first, then pets, by `engine`; `contract` says what goes in and
comes out, `files` makes sides of CSV files.

Both sides as coded columns: `arrays`, `cells`, `keys`, `wording`; clients in `profiles`, pets in
`animals`, with `owners`, `phones`, `addresses`. Which pairs are compared: `candidates`,
`taken_pets`. What two clients agree on: `comparisons`, `features`; their names: `names`,
`nicknames`, `whole_names`, `doubtful_names`. What two pets agree on: `pets`, `pet_comparisons`,
`pet_names`. Names that are known, and forms of one: `lists`. How much that says: `model`, `rivals`,
`second_look`. What is done about it: `client_vetoes`, `pet_vetoes`, `verdicts`. Why, for people:
`evidence`, `sampling`. Whether it can be trusted where nobody knows the truth: `decoys`, `drift`,
`bounds`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from vet_pipeline.matching.contract import VETOES, Decision, MatchResult, MatchSettings, Side

if TYPE_CHECKING:
    from vet_pipeline.matching.decoys import DecoyEstimate, estimate_false_links
    from vet_pipeline.matching.drift import Drift, score_drift
    from vet_pipeline.matching.pet_names import same_pet_name
    from vet_pipeline.matching.run import match
    from vet_pipeline.matching.sampling import review_sheet
else:
    # A process that only hands sides and decisions about doesn't load the engine.
    _LOADED_WHEN_ASKED_FOR = {
        "DecoyEstimate": "decoys",
        "estimate_false_links": "decoys",
        "Drift": "drift",
        "score_drift": "drift",
        "match": "run",
        "review_sheet": "sampling",
        "same_pet_name": "pet_names",
    }

    def __getattr__(name):
        if name not in _LOADED_WHEN_ASKED_FOR:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = import_module(f"{__name__}.{_LOADED_WHEN_ASKED_FOR[name]}")
        globals()[name] = getattr(module, name)
        return globals()[name]


__all__ = [
    "VETOES",
    "Decision",
    "DecoyEstimate",
    "Drift",
    "MatchResult",
    "MatchSettings",
    "Side",
    "estimate_false_links",
    "match",
    "review_sheet",
    "same_pet_name",
    "score_drift",
]
