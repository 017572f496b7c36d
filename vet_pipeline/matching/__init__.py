"""Which PIMS record is which home-delivery record: candidates, evidence, scores, decisions.

Pure: normalized frames in, decisions and their reasons out. Nothing is read or stored here.
"""

from vet_pipeline.matching.contract import Decision, MatchResult, MatchSettings, Side
from vet_pipeline.matching.decide import VETOES
from vet_pipeline.matching.decoys import DecoyEstimate, estimate_false_links
from vet_pipeline.matching.drift import Drift, score_drift
from vet_pipeline.matching.explain import Explanation, FieldComparison, explain
from vet_pipeline.matching.run import match
from vet_pipeline.matching.sampling import review_sheet

__all__ = [
    "VETOES",
    "Decision",
    "DecoyEstimate",
    "Drift",
    "Explanation",
    "FieldComparison",
    "MatchResult",
    "MatchSettings",
    "Side",
    "estimate_false_links",
    "explain",
    "match",
    "review_sheet",
    "score_drift",
]
