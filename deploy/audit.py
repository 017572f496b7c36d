"""Known vulnerabilities in the locked dependencies: pip-audit over requirements.lock.

`python deploy/audit.py`. Exit code 0 only when every locked package was looked up and none has an
advisory. A service that can't be reached is a failure that says so: nothing is known then.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PIP_AUDIT = "pip-audit==2.10.1"
# One service after the other: the first that knows every package decides.
SERVICES = ("pypi", "osv")


def main() -> int:
    """Print what is known and return the exit code."""
    for service in SERVICES:
        code, lines = verdict(report(service), service)
        print("\n".join(lines))
        if code is not None:
            return code
    print("audit: NOT DONE. Next step: run it where the advisory services can be reached")
    return 1


def report(service: str) -> dict[str, Any] | None:
    """pip-audit's report, None when it could not make one."""
    command = [
        str(Path(sys.executable).with_name("uv")), "tool", "run", "--quiet", "--from", PIP_AUDIT,
        "pip-audit", "--requirement", str(ROOT / "requirements.lock"), "--disable-pip",
        "--no-deps", "--vulnerability-service", service, "--format", "json",
        "--progress-spinner", "off", "--timeout", "15",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return None
    return found


def verdict(found: dict[str, Any] | None, service: str) -> tuple[int | None, list[str]]:
    """Exit code (None: not every package could be looked up) and what to print."""
    if found is None:
        return None, [f"audit: {service} gave no answer"]
    packages = found["dependencies"]
    known = [package for package in packages if "vulns" in package]
    lines = [
        f"audit: {package['name']} {package['version']}: {vulnerability['id']}, fixed in"
        f" {', '.join(vulnerability['fix_versions']) or 'no release yet'}"
        for package in known
        for vulnerability in package["vulns"]
    ]
    summary = f"audit: {service} knows {len(known)} of {len(packages)} locked packages"
    if lines:
        return 1, [*lines, f"{summary}, {len(lines)} advisories"]
    if not packages or len(known) < len(packages):
        return None, [f"{summary}; nothing is known of the others"]
    return 0, [f"{summary}, no advisory"]


if __name__ == "__main__":
    sys.exit(main())
