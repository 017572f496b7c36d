"""What the pages name is there: the places their links lead to, files, tests, tables."""

from __future__ import annotations

import re
from pathlib import Path

from vet_pipeline.cli.policy import LATER_IN_WORDS
from vet_pipeline.deltas.guards import Thresholds
from vet_pipeline.pims.connector import ConnectorFile, CsvFile, Limits, Section
from vet_pipeline.policy import FIELDS

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
PAGES += [ROOT / "deploy/README.md", *sorted((ROOT / "docs").glob("*.md"))]


def _anchors(page: Path) -> set[str]:
    """The headings of a page as GitHub's addresses have them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def _leads_nowhere(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    place = page.parent / name if name else page
    return not place.exists() or bool(anchor and anchor not in _anchors(place))


def test_every_link_of_the_pages_leads_somewhere() -> None:
    broken = [
        (page.name, link)
        for page in PAGES
        for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
        if not link.startswith("https://") and _leads_nowhere(page, link)
    ]
    assert broken == []


def test_every_test_that_a_page_names_exists() -> None:
    named = {name for page in PAGES for name in re.findall(r"`(test_\w+)`", page.read_text())}
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^\s*def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    assert sorted(named - written) == []


def test_each_rule_stands_once_with_two_tests_at_most() -> None:
    """A row: rule, tests, files. Two texts put side by side by a merge had it twice, once longer."""
    page = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    rows = [line[2:-2].split(" | ") for line in page.splitlines() if " | `test_" in line]
    told = [row[0] for row in rows]
    assert len(told) > 140
    assert sorted({rule for rule in told if told.count(rule) > 1}) == []
    assert [row[0] for row in rows if len(row) != 3 or row[1].count("`test_") > 2] == []


def test_no_page_has_two_headings_of_one_name() -> None:
    """Of two, only the first can be linked to; mostly a merge has put one text twice."""
    headings = []
    for page in PAGES:
        release = ""  # each has its own *Added*
        for heading in re.findall(r"^#+ .+$", page.read_text(encoding="utf-8"), re.MULTILINE):
            if page.name == "CHANGELOG.md" and heading.startswith("## "):
                release = heading
            headings.append((page.name, release, heading))
    assert sorted({one for one in headings if headings.count(one) > 1}) == []


def test_each_defect_stands_once_with_what_mended_it() -> None:
    page = (ROOT / "docs/defects.md").read_text(encoding="utf-8").partition("## Matching")[2]
    rows = [line[2:-2] for line in page.splitlines() if line.startswith("| ")]
    defects = [re.split(r"(?<!\\) \| ", row) for row in rows]
    told = [defect[0] for defect in defects if defect[0] != "what went wrong"]
    assert [defect[0] for defect in defects if len(defect) != 2] == []
    # A row that has grown shares its clauses with its form of before.
    clauses = [clause for bug in told for clause in re.split("[;:,] ", bug) if len(clause) > 40]
    assert len(told) > 100
    assert sorted({clause for clause in clauses if clauses.count(clause) > 1}) == []


def test_every_file_of_python_that_a_page_names_is_there() -> None:
    """By its whole path, from its own room, or by its name; past releases have files that are gone."""
    rooms = [ROOT / "vet_pipeline", ROOT / "tests"]
    here = {path.name for room in rooms for path in room.rglob("*.py")}
    rooms += [ROOT, ROOT / "tests/faults"]
    missing = [
        (page.name, name)
        for page in PAGES
        if page.name != "CHANGELOG.md"
        for name in re.findall(r"(?<![\w/.])[\w./-]*\w\.py\b", page.read_text(encoding="utf-8"))
        if not any((room / name).exists() for room in rooms) and ("/" in name or name not in here)
    ]
    assert missing == []


def test_what_a_page_says_a_file_of_python_has_is_in_it() -> None:
    """`ledger.load_row`: by the file's name without its folder. Names of files and tables aside."""
    rooms = [ROOT / name for name in ("vet_pipeline", "automation", "assets", "expectations")]
    written: dict[str, str] = {}
    for path in (path for room in rooms for path in room.rglob("*.py")):
        written[path.stem] = written.get(path.stem, "") + path.read_text(encoding="utf-8")
    gone = [
        (page.name, f"{file}.{name}")
        for page in PAGES
        if page.name != "CHANGELOG.md"
        for file, name in re.findall(r"`(\w+)\.(\w+)`", page.read_text(encoding="utf-8"))
        if file in written and name not in ("py", "sql", "csv", "xlsx")
        if not re.search(rf"\b{name}\b", written[file])
    ]
    assert gone == []


def test_every_page_that_the_code_names_is_there() -> None:
    rooms = [ROOT / room for room in ("vet_pipeline", "assets", "automation", "expectations")]
    rooms += [ROOT / room for room in ("resources", "deploy", "benchmarks", "tests")]
    named = {
        name
        for room in rooms
        for path in (*room.rglob("*.py"), *room.rglob("*.sql"), *room.rglob("*.toml"))
        for name in re.findall(r"[\w./-]*\b[A-Za-z_]+\.md\b", path.read_text(encoding="utf-8"))
        if "MetadataValue" not in name
    }
    here = {path.name for path in PAGES}
    missing = {name for name in named if not (ROOT / name).exists() and name not in here}
    assert missing == set()


def test_every_heading_that_a_next_step_names_is_on_that_page() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "vet_pipeline").rglob("*.py"))
    named = re.findall(r"(docs/\w+\.md), \*([^*]+)\*", code)
    assert len(named) > 1
    assert [one for one in named if f"# {one[1]}\n" not in (ROOT / one[0]).read_text("utf-8")] == []


def test_the_page_of_the_rules_has_the_field_policy() -> None:
    page = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    table = page.partition("| field | later change in the PIMS |\n|---|---|\n")[2].partition(
        "\n\n"
    )[0]
    assert table.splitlines() == [
        f"| {field.label} | {LATER_IN_WORDS[field.later]} |" for field in FIELDS
    ]


def test_the_page_of_the_rules_has_the_defaults_of_the_guards() -> None:
    page = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    shares = re.findall(r"^\| `(\w+_percent)` \| (\d+) %", page, re.MULTILINE)
    told = dict(shares) | {
        name: number for number, name in re.findall(r"(\d+) records \(`(\w+)`\)", page)
    }
    given = Thresholds().model_dump(exclude_none=True)
    assert {name: int(number) for name, number in told.items()} == given


def test_the_page_on_connectors_has_every_key_of_connector_toml() -> None:
    page = (ROOT / "docs/connectors.md").read_text(encoding="utf-8")
    keys = {
        field.alias or name
        for model in (ConnectorFile, CsvFile, Limits, Section)
        for name, field in model.model_fields.items()
    }
    assert {key for key in keys if not re.search(rf"`\[?{key}\b", page)} == set()


def test_the_architecture_names_every_table_of_scriptright() -> None:
    made: set[str] = set()
    for step in sorted((ROOT / "vet_pipeline/scriptright/migrations/sql").glob("*.sql")):
        sql = step.read_text(encoding="utf-8")
        made |= set(re.findall(r"CREATE TABLE scriptright\.(\w+)", sql))
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    assert {table for table in made if f"`{table}`" not in page} == set()
