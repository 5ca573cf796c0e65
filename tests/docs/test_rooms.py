"""Imports go one way: commands, pipelines, the rest of scraper; the reading room knows pipelines, no spider does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("scraper", "pipelines", "reading_room", "demo")
# What pure extraction may know of the rest.
_BELOW_EXTRACTION = (
    "records address dates errors discovery markup package_files sample_site translators url_reading".split()
)


def _module(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


MODULES = {_module(path): path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))}


@cache
def imports() -> tuple[tuple[str, str], ...]:
    """Each module of ours with each module of ours that it imports, inside functions too."""
    return tuple(_find_imports())


def _find_imports() -> Iterator[tuple[str, str]]:
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                parts = [f"{node.module}.{alias.name}" for alias in node.names]
                found = [part if part in MODULES else node.module for part in parts]
            else:
                continue
            yield from ((name, module) for module in found if module.partition(".")[0] in PACKAGES)


def _within(module: str, *rooms: str) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def is_against_the_direction(importer: str, imported: str) -> bool:
    """Whether the import leads up the house."""
    if _within(importer, "scraper.commands", "scraper.console.versions"):
        return False
    if _within(importer, "pipelines.extraction") and not _within(imported, "pipelines.extraction"):
        return not _within(imported, *(f"scraper.{name}" for name in _BELOW_EXTRACTION))
    if _within(importer, "pipelines"):
        return _within(imported, "scraper.commands", "scraper.spiders", "reading_room", "demo")
    if _within(importer, "scraper"):
        return _within(imported, "pipelines", "scraper.commands", "reading_room", "demo")
    return _within(importer, "reading_room") and _within(imported, "demo", "scraper.commands", "scraper.spiders")


def test_imports_go_one_way() -> None:
    assert sorted({pair for pair in imports() if is_against_the_direction(*pair)}) == []


def test_every_module_is_in_a_room() -> None:
    loose = {name for name in MODULES if name.count(".") == 1 and not name.startswith("demo.")}
    rooms = {name for name in loose if MODULES[name].name == "__init__.py"}
    allowed = {
        "scraper": "settings errors records address archive dates http_headers package_files sample_site translators "
        "url_reading",
        "pipelines": "keep extract normalise validate store archive ingest crawl_run crawl_errors faults workers "
        "sample progress",
        "reading_room": "__main__ plugin query redact sample_notes showable",
    }
    assert loose - rooms == {f"{package}.{name}" for package, names in allowed.items() for name in names.split()}


def test_no_circle() -> None:
    """Each module can be read after those it imports: taking away what needs nothing, again and again, leaves none."""
    needs: dict[str, set[str]] = {name: set() for name in MODULES}
    for importer, imported in imports():
        if imported in MODULES and imported != importer:
            needs[importer].add(imported)
    while free := {name for name, needed in needs.items() if not needed}:
        needs = {name: needed - free for name, needed in needs.items() if name not in free}
    assert sorted(needs) == []
