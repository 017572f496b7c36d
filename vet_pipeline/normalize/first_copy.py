"""What normalized rows show that a first copy can't take back: sentences, each with its next step.

No guard looks at a first copy, as there is nothing to compare it with; but no ten clients have one
email, and cats, horses and cows weigh what they weigh. Counts only; `columns.py` has the frames'
columns.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# Of fewer a median says nothing. A pound that is taken for a kilogram makes twice of it, and a kilogram
# taken for a pound half: of kinds that differ no more than that, from which age on, and what half of
# them weigh. Cats 3.5 to 5.5 kg; horses 400 to 600, those of a club for ponies 250, drafts 800.
_SO_MANY = 10
_GROWN = {"cat": (1, 3, 7), "horse": (3, 220, 850), "cow": (3, 320, 950)}
# No family has so many clients: an email, or a house, of so many is the clinic's own, typed where the
# field must be filled. Of addresses, which a camp, a home or a barracks share, a fifth of all besides.
OF_NO_HOUSE = 5
_STREET = ("address_line1", "unit", "city", "postal_code")


def oddities_of_clients(rows: pd.DataFrame) -> list[str]:
    """What is the practice's own, by all likelihood, and stands in its clients' rows."""
    odd = []
    emails = rows["email"].str.lower().value_counts()
    of_many = emails[emails >= OF_NO_HOUSE]
    if len(of_many):
        odd.append(
            f"{int(of_many.sum())} clients have {_one_of(len(of_many), 'email')}: it would be the login of"
            " each, and what is mailed to one would come to another. Next step: ask the practice; where it is"
            " its own, have the field left blank there, or by the view or export, before the first copy"
        )
    streets = rows.dropna(subset=["address_line1"]).groupby(list(_STREET), dropna=False).size()
    shared = streets[(streets >= OF_NO_HOUSE) & (streets >= len(rows) / 5)]
    if len(shared):
        odd.append(
            f"{int(shared.sum())} clients have {_one_of(len(shared), 'address')}: parcels of each would go"
            " there. Next step: ask the practice; where it is its own, have the field left blank there, or by"
            " the view or export, before the first copy"
        )
    return odd


def oddities_of_weights(rows: pd.DataFrame, read_on: date) -> list[str]:
    """Whether grown cats, horses and cows weigh what they do: else the unit is another one.

    Unit by unit: beside those of which it was written a wrong setting for the rest wouldn't show.
    """
    known = rows.dropna(subset=["weight_kg", "birth_date"])
    odd = []
    for (kind, unit), animals in known.groupby(["species", "weight_unit"]):
        if kind not in _GROWN:
            continue
        years, lightest, heaviest = _GROWN[kind]
        weighed = animals["weighed_on"].fillna(read_on)
        dated = zip(animals["weight_kg"], animals["birth_date"], weighed, strict=True)
        grown = timedelta(days=365 * years)
        weights = sorted(kilograms for kilograms, born, on in dated if on - born >= grown)
        if len(weights) < _SO_MANY:
            continue
        median = weights[len(weights) // 2]
        if not lightest <= median <= heaviest:
            odd.append(
                f"half of {len(weights)} grown {kind}s whose weights are in {unit} weigh"
                f" {'more' if median > heaviest else 'less'} than"
                f" {median:.1f} kg, where {kind}s weigh {lightest} to {heaviest}: pounds are taken for kilograms,"
                " or the other way round. Next step: ask the practice for the unit, and before"
                " these weights are copied set weight_unit_when_missing, or let the view or export give the right"
                " one"
            )
    return odd


def _one_of(shared: int, what: str) -> str:
    return f"one and the same {what}" if shared == 1 else f"{what} that five or more have"
