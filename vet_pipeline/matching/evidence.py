"""The evidence of judged pairs as JSON text: levels and bits, never a value of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vet_pipeline.matching.arrays import Bits, Matrix, Wide
from vet_pipeline.matching.keys import coded
from vet_pipeline.matching.model import first_places

if TYPE_CHECKING:
    from vet_pipeline.matching.model import Model


def evidence_json(
    model: Model, levels: Matrix, rivals: Matrix, rival_words: tuple[str, ...], correction: Bits
) -> tuple[list[str], Wide]:
    """A JSON object for each kind of pair, and for each pair which of those is its own.

    {"start": bits, field: {"level", "bits"}, "rivals": {...}}. rivals: columns *at home* and *in
    the PIMS* as levels into `rival_words`; `correction` is what the second look added to the first.
    """
    if not len(levels):
        return [], np.zeros(0, dtype=np.int64)
    tenths = np.round(correction * 10).astype(np.int64)
    _, code = coded(model.codes(levels))
    for beside, size in ((rivals[:, 0], 2**8), (rivals[:, 1], 2**8), (tenths & 0xFFFF, 2**16)):
        code = code * size + beside  # below 2^63 for as many as 2^31 rows
    first, place = first_places(code)
    shares = np.round(model.by_feature(levels[first]), 1).tolist()
    names, words = list(model.features), list(model.features.values())
    begin = f'{{"start": {round(model.start, 1)}, '
    made = []
    for row, bits, (at_home, in_pims), added in zip(
        levels[first].tolist(), shares, rivals[first].tolist(), tenths[first].tolist(), strict=True
    ):
        # Written by hand: names and words are our own, and json.dumps takes three times as long.
        fields = [
            f'"{name}": {{"level": "{words[column][row[column]]}", "bits": {bits[column]}}}'
            for column, name in enumerate(names)
            if row[column] or bits[column]
        ]
        fields.append(
            f'"rivals": {{"at_home": "{rival_words[at_home]}",'
            f' "in_pims": "{rival_words[in_pims]}", "bits": {added / 10}}}'
        )
        made.append(begin + ", ".join(fields) + "}")
    return made, place
