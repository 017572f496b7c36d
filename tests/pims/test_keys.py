"""Owner keys written in another case than the client's own."""

from __future__ import annotations

import pyarrow as pa
import pytest

from vet_pipeline.pims.keys import align_keys
from vet_pipeline.pims.pages import Tables


@pytest.mark.parametrize(
    ("clients", "owners", "aligned"),
    [
        (["A1", "b2"], ["a1", "B2", "A1", None, "x"], ["A1", "b2", "A1", None, "x"]),
        (["A1", "a1"], ["A1", "a1"], ["A1", "a1"]),  # two clients: each is itself
        (["Ab", "aB"], ["ab"], ["ab"]),  # two could be meant: nobody guesses
        ([None], ["a", None], ["a", None]),
        ([], ["a"], ["a"]),
        (["a"], [], []),
    ],
)
def test_an_owner_gets_the_clients_own_spelling_when_one_matches(
    clients: list[str | None], owners: list[str | None], aligned: list[str | None]
) -> None:
    def table(keys: list[str | None]) -> pa.Table:
        return pa.table({"client_key": pa.array(keys, pa.large_string())})

    got = align_keys(Tables(table(clients), table(owners)))
    assert got.patients["client_key"].to_pylist() == aligned
