"""Text from a PIMS in, typed values or reasons out. Pure: nothing is read or stored here.

What a value means is decided here and only here; docs/normalizing.md lists every rule and reason.
"""

from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.keys import split_keys
from vet_pipeline.normalize.pets import normalize_pets
from vet_pipeline.normalize.rows import Normalized

# Raised with every change of a rule; recorded with each load, for information only: baselines are
# kept raw and normalized again by today's rules before they are compared.
NORMALIZE_VERSION: int = 1

__all__ = [
    "NORMALIZE_VERSION",
    "Conventions",
    "Normalized",
    "normalize_clients",
    "normalize_pets",
    "split_keys",
]
