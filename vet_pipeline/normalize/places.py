"""States and ZIP codes of the United States; anything else is kept as recorded."""

from __future__ import annotations

from vet_pipeline.normalize.text import lazily

# USPS Publication 28, appendix B: states, territories, military "states".
_STATE_NAMES = {
    "AL": "alabama", "AK": "alaska", "AZ": "arizona", "AR": "arkansas", "CA": "california",
    "CO": "colorado", "CT": "connecticut", "DE": "delaware", "DC": "district of columbia",
    "FL": "florida", "GA": "georgia", "HI": "hawaii", "ID": "idaho", "IL": "illinois",
    "IN": "indiana", "IA": "iowa", "KS": "kansas", "KY": "kentucky", "LA": "louisiana",
    "ME": "maine", "MD": "maryland", "MA": "massachusetts", "MI": "michigan", "MN": "minnesota",
    "MS": "mississippi", "MO": "missouri", "MT": "montana", "NE": "nebraska", "NV": "nevada",
    "NH": "new hampshire", "NJ": "new jersey", "NM": "new mexico", "NY": "new york",
    "NC": "north carolina", "ND": "north dakota", "OH": "ohio", "OK": "oklahoma", "OR": "oregon",
    "PA": "pennsylvania", "RI": "rhode island", "SC": "south carolina", "SD": "south dakota",
    "TN": "tennessee", "TX": "texas", "UT": "utah", "VT": "vermont", "VA": "virginia",
    "WA": "washington", "WV": "west virginia", "WI": "wisconsin", "WY": "wyoming",
    "PR": "puerto rico", "VI": "virgin islands", "GU": "guam", "AS": "american samoa",
    "MP": "northern mariana islands", "AA": "armed forces americas", "AE": "armed forces europe",
    "AP": "armed forces pacific",
}  # fmt: skip
STATES = frozenset(_STATE_NAMES)
_CODES = {name: code for code, name in _STATE_NAMES.items()}
_CODES |= {code.casefold(): code for code in STATES}
_CODES |= {
    "ala": "AL", "ariz": "AZ", "ark": "AR", "calif": "CA", "cal": "CA", "colo": "CO",
    "conn": "CT", "del": "DE", "fla": "FL", "ill": "IL", "ind": "IN", "kan": "KS", "mass": "MA",
    "mich": "MI", "minn": "MN", "miss": "MS", "mont": "MT", "neb": "NE", "nev": "NV",
    "okla": "OK", "ore": "OR", "penn": "PA", "penna": "PA", "tenn": "TN", "tex": "TX",
    "wash": "WA", "wis": "WI", "wisc": "WI", "wyo": "WY", "washington dc": "DC",
}  # fmt: skip

# Only there do all ZIP codes begin with a zero, which spreadsheets and number columns lose. AE: the
# military addresses of Europe, 09001 to 09899.
_ONE_LEADING_ZERO = frozenset({"MA", "RI", "NH", "ME", "VT", "CT", "NJ", "AE"})
_TWO_LEADING_ZEROS = frozenset({"PR", "VI"})

_FLOAT = lazily(r"(\d{3,9})\.0+")
_ZIP = lazily(r"(\d{5})(?:\s*[-\s]\s*(\d{4})|(\d{4})|\s*-)?")
_SHORT_ZIP = lazily(r"(\d{3,4})(?:\s*-\s*(\d{4}))?")
# A spreadsheet's mark of a text, and what is left of an input mask: '01234, 30301-____
_MARKS = "'_"
_PLACEHOLDERS = frozenset({"00000", "99999"})


def read_state(text: str | None) -> str | None:
    """The two-letter code of a clean text, or the text itself when it names no US state."""
    if text is None:
        return None
    return _CODES.get(" ".join(text.casefold().replace(".", "").split()), text)


def read_postal_code(text: str | None, state: str | None) -> tuple[str | None, str | None]:
    """(ZIP of a clean text, reason when it was not taken); what is no ZIP stays as recorded.

    A lost leading zero is put back only when the state says that there was one.
    """
    if text is None:
        return None, None
    text = text.strip(_MARKS)
    if not text.strip("0.- "):
        return None, "placeholder"  # 0, as a column of numbers has it
    whole = _FLOAT().fullmatch(text)
    code = whole[1] if whole else text
    code = _with_zeros(code, state)
    found = _ZIP().fullmatch(code)
    if found is None:
        return code, None
    if found[1] in _PLACEHOLDERS:
        return None, "placeholder"
    plus4 = found[2] or found[3]
    return (f"{found[1]}-{plus4}" if plus4 and plus4 != "0000" else found[1]), None


def delivery_area(code: str | None) -> str | None:
    """A postal code as it is compared: the four digits behind a ZIP code follow from the street."""
    found = _ZIP().fullmatch(code) if code else None
    return found[1] if found else code


def _with_zeros(code: str, state: str | None) -> str:
    zeros = 1 if state in _ONE_LEADING_ZERO else 2 if state in _TWO_LEADING_ZEROS else 0
    if not zeros:
        return code
    short = _SHORT_ZIP().fullmatch(code)
    if short and len(short[1]) == 5 - zeros:
        return "0" * zeros + code
    if code.isdigit() and len(code) == 9 - zeros:  # ZIP+4 as a number
        return "0" * zeros + code
    return code
