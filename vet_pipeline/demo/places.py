"""Streets, towns, telephone areas and mail domains of invented practices.

Towns do not exist. Telephone numbers use the exchange 555, which rings nowhere, and mail
domains are those reserved for examples (RFC 2606), so the demo can reach no real person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vet_pipeline.demo.names import words

STREETS: Final = words(
    """Main Oak Maple Cedar Elm Park Washington Lake Hill Walnut Spring North Ridge Church Willow
    Mill Sunset Meadow Forest Highland River Jackson Cherry Franklin Lincoln Chestnut Jefferson
    Dogwood Hickory Laurel Prospect Adams Railroad Orchard Sycamore Pleasant Hillcrest Locust
    Poplar Birch Magnolia Valley Fairview Heather Pine Spruce Juniper Aspen Grove Summit Wren
    Heron Cardinal Plover Fox Otter Beaver Quarry Foundry Granary Harvest Creamery Tannery Weaver
    Cooper Miller Fletcher Saddler Lantern Harbor Ferry Landing Bluff Canyon Mesa Prairie
    Bluebonnet Larkspur Goldenrod Yarrow Clover Thistle Bramble Fern Moss Stone Marsh
    Kettle Copper Silver Slate Amber Ivory Saffron Indigo Hazelwood Brookside Lakeshore
    Fieldstone Woodland Cottonwood Whitetail Redbud Persimmon Catalpa Hawthorn"""
)
STREET_KINDS: Final = ("St", "Ave", "Rd", "Dr", "Ln", "Ct", "Blvd", "Way", "Pl", "Ter", "Cir")
STREET_WORDS: Final[dict[str, str]] = {
    "St": "Street",
    "Ave": "Avenue",
    "Rd": "Road",
    "Dr": "Drive",
    "Ln": "Lane",
    "Ct": "Court",
    "Blvd": "Boulevard",
    "Pl": "Place",
    "Ter": "Terrace",
    "Cir": "Circle",
    "Way": "Way",
}
UNIT_WORDS: Final = ("Apt", "Unit", "#", "Apt", "Ste", "Lot")
MAIL_DOMAINS: Final = (
    "example.com",
    "example.net",
    "example.org",
    "mail.example.com",
    "post.example.net",
    "inbox.example.org",
)


@dataclass(frozen=True, slots=True)
class Region:
    """Where a practice's clients live: state, towns with ZIP codes, telephone areas."""

    state: str
    towns: tuple[tuple[str, str], ...]
    areas: tuple[str, ...]


REGIONS: Final[tuple[Region, ...]] = (
    Region(
        "OR",
        (
            ("Alder Falls", "97701"),
            ("Tinker Bend", "97702"),
            ("Sage Hollow", "97703"),
            ("Cold Spring", "97707"),
        ),
        ("541", "458", "503", "971"),
    ),
    Region(
        "OH",
        (
            ("Fennimore", "43004"),
            ("West Larkin", "43016"),
            ("Dunmore Mills", "43017"),
            ("Pell City", "43026"),
            ("Harrow", "43054"),
        ),
        ("614", "380", "740", "220"),
    ),
    Region(
        "GA",
        (
            ("Marlow", "30004"),
            ("Peachford", "30005"),
            ("Cotton Ferry", "30022"),
            ("Old Tully", "30040"),
        ),
        ("770", "678", "404", "470"),
    ),
    Region(
        "CO",
        (
            ("Granite Flats", "80301"),
            ("Ute Crossing", "80302"),
            ("Penstemon", "80303"),
            ("Lower Vail Creek", "80026"),
        ),
        ("303", "720", "970", "719"),
    ),
)
# For practices too large for their own region's areas: one area holds 8,000 numbers.
MORE_AREAS: Final = words(
    """212 312 213 617 215 202 305 206 702 602 512 713 214 504 901 629 502 317 414 612 816 314
    402 405 505 801 208 406 701 307"""
)
