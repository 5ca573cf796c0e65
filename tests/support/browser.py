"""A reader's own browser for tests: Debian's Chromium, which takes down whatever a page does that it should not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, ViewportSize, sync_playwright

from tests.debian import BROWSER, find_browser
from tests.support.serving import serve_room
from tests.support.waiting import LIMIT

DESKTOP, NARROW = (1280, 900), (360, 740)
# What a screen reader says by its name alone.
_NAMED = {"link", "button", "textbox", "searchbox", "combobox", "checkbox", "radio", "spinbutton"} | {
    "DisclosureTriangle", "image", "table", "search", "navigation", "region", "Iframe"}  # fmt: skip
_COUNT = re.compile(r"[\d,]+ rows?")  # Datasette's own pages of rows say in the same line of what
_GRAVE = ("serious", "critical")
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Without `resultTypes` axe sends over all that is in order too. Colours take it longest; a narrow window has the same.
_AXE = {"resultTypes": ["violations"]}
_AXE_NARROW = {**_AXE, "rules": {"color-contrast": {"enabled": False}}}
_AXE_COLOURS = {**_AXE, "runOnly": ["color-contrast"]}


@dataclass
class Visit:
    """One tab at one server; `troubles` is what went wrong in it, one line each."""

    page: Page
    server: str
    troubles: list[str] = field(default_factory=list)

    def open(self, path: str, status: int = 200) -> Page:
        """Go to the path and wait until it is loaded; the answer must have this status."""
        answer = self.page.goto(self.server + path)
        assert answer is not None and answer.status == status, (path, answer and answer.status)
        return self.page

    def faults(self, *, in_dark: bool = False) -> list[str]:
        """The grave faults that axe finds on the page as it is, and whether it is too wide for the window."""
        size = self.page.viewport_size
        is_narrow = size is not None and (size["width"], size["height"]) == NARROW
        found = self._ask_axe(_AXE_NARROW if is_narrow else _AXE)
        if in_dark:
            self.page.emulate_media(color_scheme="dark")
            found += [f"in the dark: {fault}" for fault in self._ask_axe(_AXE_COLOURS)]
            self.page.emulate_media(color_scheme="light")
        return [*found, *([f"{self.too_wide()} pixels too wide"] if self.too_wide() > 0 else [])]

    def untold(self) -> list[str]:
        """What Chromium's accessibility tree leaves without a word, or with the same words for different things."""
        session = self.page.context.new_cdp_session(self.page)
        nodes = [_HeardNode.of(node) for node in session.send("Accessibility.getFullAXTree")["nodes"]]
        session.detach()
        targets: dict[str, set[str]] = {}
        for node in nodes:
            if node.role == "link" and not _COUNT.fullmatch(node.name):
                targets.setdefault(node.name, set()).add(node.address)
        return [f"{node.role} without a name" for node in nodes if node.role in _NAMED and not node.name] + [
            f"“{name}” leads to {sorted(addresses)}" for name, addresses in targets.items() if len(addresses) > 1
        ]

    def find_skipped_headings(self) -> list[str]:
        """The headings that are more than one level below the one before them."""
        headings = self.page.locator("h1, h2, h3, h4, h5, h6").evaluate_all(
            "all => all.filter(h => h.checkVisibility()).map(h => [+h.tagName[1], h.textContent])"
        )
        levels = [0, *(level for level, _ in headings)]
        return [
            f"h{level}: {text}" for (level, text), before in zip(headings, levels, strict=False) if level > before + 1
        ]

    def _ask_axe(self, options: dict[str, Any]) -> list[str]:
        faults = Axe().run(self.page, options=options).response["violations"]
        return [_fault(fault) for fault in faults if fault["impact"] in _GRAVE]

    def too_wide(self) -> int:
        """How many pixels of the page lie beside the window."""
        return cast(int, self.page.evaluate(_TOO_WIDE))


@dataclass(frozen=True)
class _HeardNode:
    """A node of the accessibility tree; the address is a link's, without its place in the page."""

    role: str
    name: str
    address: str

    @classmethod
    def of(cls, node: dict[str, Any]) -> _HeardNode:
        role, name = (str(node.get(key, {}).get("value", "")).strip() for key in ("role", "name"))
        urls = [found["value"]["value"] for found in node.get("properties", ()) if found["name"] == "url"]
        return cls("" if node["ignored"] else role, name, urls[0] if urls else "")


@dataclass(frozen=True)
class Room:
    """A browser before a server."""

    browser: Browser
    server: str

    @contextmanager
    def visit(self, size: tuple[int, int] = DESKTOP, **options: Any) -> Iterator[Visit]:  # noqa: ANN401 - Playwright's
        """A fresh tab; afterwards there must have been no trouble in it. Raises AssertionError."""
        viewport = ViewportSize(width=size[0], height=size[1])
        context = self.browser.new_context(viewport=viewport, reduced_motion="reduce", **options)
        context.set_default_timeout(LIMIT * 1000)
        try:
            visit = Visit(context.new_page(), self.server)
            _listen(visit)
            yield visit
            assert not visit.troubles, visit.troubles
        finally:
            context.close()


@contextmanager
def browse_room(database: Path, *arguments: str) -> Iterator[Room]:
    """A browser and a server of the database, `arguments` as those of `serve_room`; both end with the block.

    Playwright has an event loop of its own in this thread meanwhile: no other can run in it.
    """
    BROWSER.require()
    with sync_playwright() as playwright, serve_room(database, *arguments) as server:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        try:
            yield Room(browser, server)
        finally:
            browser.close()


def _listen(visit: Visit) -> None:
    page, troubles = visit.page, visit.troubles

    def note_message(message: ConsoleMessage) -> None:
        # The browser itself notes an answer of 404 or 410 there, which a test may have asked for.
        if message.type == "error" and "Failed to load resource" not in message.text:
            troubles.append(f"console: {message.text}")

    def note_request(request: Request) -> None:
        if urlsplit(request.url).scheme not in ("data", "blob") and not request.url.startswith(visit.server + "/"):
            troubles.append(f"elsewhere: {request.url}")

    def note_answer(request: Request, status: int) -> None:
        if status >= 400 and request.resource_type != "document":
            troubles.append(f"{status}: {request.url}")

    def note_failure(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the reader went on before it was answered
            troubles.append(f"failed: {request.url} {request.failure}")

    def note_dialog(shown: Dialog) -> None:
        troubles.append(f"dialog: {shown.message}")
        shown.dismiss()

    page.on("console", note_message)
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on("request", note_request)
    page.on("requestfailed", note_failure)
    page.on("response", lambda answer: note_answer(answer.request, answer.status))
    page.on("dialog", note_dialog)


def _fault(fault: dict[str, Any]) -> str:
    return f"{fault['id']} ({fault['impact']}): {fault['nodes'][0]['html'][:200]}"
