"""Plain emails: one address that is taken without a look at the library, or none at all."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from vet_pipeline.normalize.distinct import each, itself
from vet_pipeline.normalize.emails import (
    LOCALS,
    LONGEST_LOCAL,
    LONGEST_PLAIN,
    PLAIN,
    WEAK_LOCALS,
    plain_domain,
)
from vet_pipeline.normalize.plain import every, fits, joined, one_of, without_empty


def plain_emails(raw: pa.Array) -> tuple[pa.Array, pa.Array]:
    """(which rows are plain, the address they come to)."""
    raw = without_empty(raw)
    # Of other texts nothing is looked at: what is no address of this form is null from here on.
    address = pc.if_else(fits(raw, PLAIN), raw, None)
    halves = pc.split_pattern(address, "@")
    local = pc.list_element(halves, 0)
    domain = each(pc.list_element(halves, 1), plain_domain).column(itself, pa.string())
    bare = pc.replace_substring_regex(local, "[._-]|[0-9]+$", "")
    is_address = every(
        pc.is_valid(domain),
        pc.less_equal(pc.binary_length(address), LONGEST_PLAIN),
        pc.less_equal(pc.binary_length(local), LONGEST_LOCAL),
        pc.invert(one_of(local, WEAK_LOCALS)),
        pc.invert(one_of(bare, LOCALS)),
    )
    return pc.or_(pc.is_null(raw), is_address), joined(local, "@", domain)
