"""Links for those outside this package: listed, explained, decided on, joined and undone."""

from __future__ import annotations

from vet_pipeline.scriptright.decisions.candidate_list import (
    Candidate,
    get_candidate,
    list_candidates,
)
from vet_pipeline.scriptright.decisions.candidates import (
    CandidateDecided,
    confirm_candidate,
    reject_candidate,
)
from vet_pipeline.scriptright.decisions.joining import Joined, join
from vet_pipeline.scriptright.decisions.link_explained import (
    Explanation,
    FieldEvidence,
    Link,
    explain,
    list_links,
)
from vet_pipeline.scriptright.decisions.links_in_question import (
    LinkReview,
    get_link_review,
    keep_link,
    list_link_reviews,
)
from vet_pipeline.scriptright.decisions.rows_in_question import (
    RowInQuestion,
    list_rows_in_question,
    require_anothers,
    still_said,
)
from vet_pipeline.scriptright.decisions.unmerge import Undone, undo_link

__all__ = [
    "Candidate",
    "CandidateDecided",
    "Explanation",
    "FieldEvidence",
    "Joined",
    "Link",
    "LinkReview",
    "RowInQuestion",
    "Undone",
    "confirm_candidate",
    "explain",
    "get_candidate",
    "get_link_review",
    "join",
    "keep_link",
    "list_candidates",
    "list_link_reviews",
    "list_links",
    "list_rows_in_question",
    "reject_candidate",
    "require_anothers",
    "still_said",
    "undo_link",
]
