"""The result doesn't depend on how pandas keeps the columns, nor on columns that aren't read."""

import pandas as pd
import pytest

from benchmarks.matching import TODAY
from benchmarks.matching.draws import make_draw
from vet_pipeline.matching import Side, match
from vet_pipeline.matching.cells import text
from vet_pipeline.matching.contract import CLIENT_FIELDS, PET_FIELDS
from vet_pipeline.matching.decoys import Names, make_decoys
from vet_pipeline.matching.files import side_of
from vet_pipeline.scriptright.load import match_watch

_DRAW = make_draw(57, 200)
_HOME = side_of(_DRAW.home_clients, _DRAW.home_pets, read_on=TODAY).side
_PIMS = side_of(_DRAW.pims_clients, _DRAW.pims_pets, read_on=TODAY).side
_EXPECTED = match(_HOME, _PIMS)


def as_objects(frame):
    return frame.astype(object).where(frame.notna(), None)


def as_read_only(frame):
    """Only what is read, the rows taken out of a bigger frame."""
    read = dict.fromkeys(("client_id", "pet_id", *CLIENT_FIELDS, *PET_FIELDS))
    kept = [column for column in read if column in frame.columns]
    return pd.concat([frame.iloc[:1], frame])[kept].iloc[1:]


@pytest.mark.parametrize("kept", [as_objects, as_read_only])
def test_the_result_is_the_same_however_the_frames_are_kept(kept):
    home = Side(kept(_HOME.clients), kept(_HOME.pets))
    pims = Side(kept(_PIMS.clients), kept(_PIMS.pets))

    result = match(home, pims)

    pd.testing.assert_frame_equal(result.clients, _EXPECTED.clients)
    pd.testing.assert_frame_equal(result.pets, _EXPECTED.pets)
    assert result.notes == _EXPECTED.notes


def test_the_columns_of_a_result_are_text_and_a_score_also_where_nothing_is_there():
    nothing = Side(_PIMS.clients.iloc[:0], _PIMS.pets.iloc[:0])

    for frame in (_EXPECTED.clients, _EXPECTED.pets, match(_HOME, nothing).clients):
        assert [str(kind) for kind in frame.dtypes] == [
            "str",
            "str",
            "str",
            "float64",
            "str",
            "str",
        ]
        assert isinstance(frame.index, pd.RangeIndex)


def test_decoys_are_the_same_however_the_frames_are_kept():
    objects = Side(as_objects(_PIMS.clients), as_objects(_PIMS.pets))

    one, two = make_decoys(_HOME, _PIMS, 60), make_decoys(_HOME, objects, 60)

    pd.testing.assert_frame_equal(one.clients, two.clients)
    assert one.pets["pet_id"].tolist() == two.pets["pet_id"].tolist()
    assert match(one, _PIMS).notes == match(two, _PIMS).notes


def test_a_decoys_name_begins_with_none_of_the_letters_borne():
    names = Names.of(text(_PIMS.clients, "first_name"))
    for draw in (0, 3, len(names.names) - 1, 10**9):
        for letters in (set(), {"a"}, set("abcdefghijkl"), {n[:1].casefold() for n in names.names}):
            walked = [
                names.names[(draw + step) % len(names.names)] for step in range(len(names.names))
            ]
            free = [name for name in walked if name[:1].casefold() not in letters]

            assert names.other(draw, letters) == (free[0] if free else "Zzyzx")


def test_decoys_of_a_big_practice_meet_the_clients_that_come_first_by_hash(monkeypatch):
    monkeypatch.setattr(match_watch, "_MEET_AT_MOST", 50)
    ids = _PIMS.clients["client_id"]
    order = pd.util.hash_array(ids.to_numpy(dtype=object)).argsort(kind="stable")

    for pims in (_PIMS, Side(as_objects(_PIMS.clients), as_objects(_PIMS.pets))):
        few = match_watch.drawn(pims)

        assert few.clients["client_id"].tolist() == ids.iloc[sorted(order[:50])].tolist()
        assert set(few.pets["client_id"]) <= set(few.clients["client_id"])
        of_few = _PIMS.pets["client_id"].isin(few.clients["client_id"])
        assert few.pets["pet_id"].tolist() == _PIMS.pets["pet_id"][of_few].tolist()
