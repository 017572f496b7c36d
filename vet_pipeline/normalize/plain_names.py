"""Plain names: a first and a last name, or one of them, that each are just that."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.normalize.distinct import each, itself
from vet_pipeline.normalize.name_parts import PLAIN_ASCII, TITLES
from vet_pipeline.normalize.names import NameReader
from vet_pipeline.normalize.organisations import STRONG
from vet_pipeline.normalize.plain import every, fits, one_of
from vet_pipeline.normalize.rows import Columns
from vet_pipeline.normalize.text import MAY_BE_FILLERS

_NO_NAMES = TITLES | STRONG | MAY_BE_FILLERS


def plain_names(columns: Columns, reader: NameReader) -> tuple[pa.Array, Columns]:
    """(which rows are plain, what they come to).

    A row that names nobody in these two columns is not plain, for the full name counts.
    """
    first, is_given = _one_name(columns["first_name"], reader.said, reader.says_given)
    last, is_surname = _one_name(columns["last_name"], reader.said, reader.says_surname)
    plain = every(is_given, is_surname, pc.or_(pc.is_valid(first), pc.is_valid(last)))
    blank = pa.nulls(len(plain), pa.string())
    return plain, {
        "title": each(columns["title"], reader.beside).column(itself, pa.string()),
        "first_name": first,
        "last_name": last,
        "suffix": blank,
        "partner_first_name": blank,
        "partner_last_name": blank,
        "organisation": each(columns["organisation"], reader.beside).column(itself, pa.string()),
        "name_note": blank,
    }


def _one_name(
    column: pa.Array,
    read: Callable[[str | None], str | None],
    is_only_that: Callable[[str | None], bool],
) -> tuple[pa.Array, pa.Array]:
    """(what a column of first or last names says, whether that is a name and nothing else).

    Most are a single word that no rule is about; of the others the reader is asked.
    """
    is_word = every(fits(column, PLAIN_ASCII), pc.invert(one_of(column, _NO_NAMES)))
    others = each(pc.if_else(is_word, None, column), read)
    said = pc.if_else(is_word, column, others.column(itself, pa.string()))
    return said, others.column(is_only_that, pa.bool_())
