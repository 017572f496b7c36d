"""The dependency audit never passes on what it doesn't know."""

from __future__ import annotations

from typing import Any

from deploy.audit import verdict


def package(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "version": "1.0", **more}


FLAW = {"id": "GHSA-1", "fix_versions": ["1.1"], "aliases": [], "description": ""}


def test_every_package_known_and_none_with_an_advisory_passes() -> None:
    found = {"dependencies": [package("one", vulns=[]), package("two", vulns=[])]}
    assert verdict(found, "pypi") == (0, ["audit: pypi knows 2 of 2 locked packages, no advisory"])


def test_an_advisory_fails_and_says_what_mends_it() -> None:
    found = {"dependencies": [package("one", vulns=[FLAW]), package("two", skip_reason="?")]}
    assert verdict(found, "osv") == (
        1,
        [
            "audit: one 1.0: GHSA-1, fixed in 1.1",
            "audit: osv knows 1 of 2 locked packages, 1 advisories",
        ],
    )


def test_a_package_that_could_not_be_looked_up_is_no_pass() -> None:
    found = {"dependencies": [package("one", vulns=[]), package("two", skip_reason="not found")]}
    assert verdict(found, "pypi")[0] is None
    assert verdict({"dependencies": []}, "pypi")[0] is None
    assert verdict(None, "osv") == (None, ["audit: osv gave no answer"])
