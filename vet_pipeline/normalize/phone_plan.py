"""What the numbering plans of the `phonenumbers` library say about a number.

Imported where a number asks for it: the library takes longer to load than a quiet refresh.
"""

from __future__ import annotations

import re

import phonenumbers

_PARSE_REASONS = {
    phonenumbers.NumberParseException.TOO_SHORT_NSN: "too_short",
    phonenumbers.NumberParseException.TOO_SHORT_AFTER_IDD: "too_short",
    phonenumbers.NumberParseException.TOO_LONG: "too_long",
}
_LENGTH_REASONS = {
    phonenumbers.ValidationResult.TOO_SHORT: "too_short",
    phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "no_area_code",
    phonenumbers.ValidationResult.TOO_LONG: "too_long",
}


def _us_numbers() -> str:
    plan = phonenumbers.PhoneMetadata.metadata_for_region("US")
    if plan is None or plan.fixed_line is None or plan.toll_free is None:  # pragma: no cover
        raise RuntimeError("phonenumbers has no plan for the US")
    lines = (plan.fixed_line.national_number_pattern, plan.toll_free.national_number_pattern)
    return "|".join(f"(?:{line})" for line in lines)


# The library's own pattern of US numbers that exist: what is_valid_number comes to. It is used with
# RE2 as well, for it has no lookaround.
US_NUMBERS = _us_numbers()
_US_NUMBER = re.compile(US_NUMBERS)


def exists_in_us(digits: str) -> bool:
    """Whether ten digits are a number of the US plan."""
    return _US_NUMBER.fullmatch(digits) is not None


def require_region(region: str) -> None:
    """ValueError of what has no numbers: UK, where GB is meant, would have each number left out."""
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(
            f"phone_region {region[:20]!r} has no telephone numbers: write GB for the United Kingdom, DE"
            " for Germany, ... (ISO 3166, in capitals)"
        )


def e164(number: str, region: str) -> str:
    """E.164, or the reason why not (a reason never starts with '+')."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException as error:
        return _PARSE_REASONS.get(error.error_type, "not_a_number")
    length = phonenumbers.is_possible_number_with_reason(parsed)
    if length != phonenumbers.ValidationResult.IS_POSSIBLE:
        return _LENGTH_REASONS.get(length, "not_in_use")
    if not phonenumbers.is_valid_number(parsed):
        return "not_in_use"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
