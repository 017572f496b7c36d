"""The evidence of judged pairs as JSON text: levels and bits, never a value of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from vet_pipeline.matching.keys import Texts
    from vet_pipeline.matching.model import Bits, Matrix, Model


def evidence_json(
    model: Model, levels: Matrix, rivals: Matrix, rival_words: tuple[str, ...], correction: Bits
) -> Texts:
    """One JSON object per pair: {"start": bits, field: {"level", "bits"}, "rivals": {...}}.

    rivals: columns *at home* and *in the PIMS* as levels into `rival_words`; `correction` is
    what the second look added to the first. Equal pairs are written once.
    """
    if not len(levels):
        return np.empty(0, dtype=object)
    whole = np.column_stack([levels, rivals, np.round(correction * 10)]).astype(np.int16)
    distinct, first, inverse = np.unique(whole, axis=0, return_index=True, return_inverse=True)
    shares = np.round(model.by_feature(levels[first]), 1)
    names = list(model.features)
    words = list(model.features.values())
    made = np.empty(len(distinct), dtype=object)
    begin = f'{{"start": {round(model.start, 1)}, '
    for i, (row, bits) in enumerate(zip(distinct.tolist(), shares.tolist(), strict=True)):
        # Written by hand: names and words are our own, and json.dumps takes three times as long.
        fields = [
            f'"{name}": {{"level": "{words[column][row[column]]}", "bits": {bits[column]}}}'
            for column, name in enumerate(names)
            if row[column] or bits[column]
        ]
        at_home, in_pims, added = row[-3:]
        fields.append(
            f'"rivals": {{"at_home": "{rival_words[at_home]}",'
            f' "in_pims": "{rival_words[in_pims]}", "bits": {added / 10}}}'
        )
        made[i] = begin + ", ".join(fields) + "}"
    return np.asarray(made[inverse.ravel()], dtype=object)
