"""The lines that a template prints above the text: which tell of the brief, and which of the account that posted it."""

from __future__ import annotations

from collections.abc import Iterable, Set

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.byline import read_byline
from pipelines.extraction.wording.credit import read_credit
from pipelines.extraction.wording.credit_leads import begins_like_credit
from pipelines.extraction.wording.head import reads_label
from pipelines.extraction.wording.head_lines import prepare_lines, split_parts
from pipelines.extraction.wording.kicker import is_kicker


def select_head_lines(lines: Iterable[Line], accounts: Iterable[str]) -> list[Line]:
    """Select the lines that are labels, bylines, kickers or credits, of lines that a theme prints above the text.

    A byline of nothing but accounts is the theme's own: the account that posted a page wrote nothing. So is the bare
    name of the site, which themes print as a logo, or in place of a headline.
    """
    posters = _name_posters(accounts)
    lines = prepare_lines(list(lines), None)
    return [line for line in lines if reads_label(line) or _names_author(line, posters) or _tells_of_brief(line)]


def _name_posters(accounts: Iterable[str]) -> frozenset[str]:
    """Name those behind the accounts, of which one may name several, or a person with a role."""
    names: set[str] = set()
    for account in set(accounts):
        byline = read_byline(f"By {account}")
        names |= {account.casefold()} | {author.name.casefold() for author in (byline.authors if byline else ())}
    return frozenset(names)


def _tells_of_brief(line: Line) -> bool:
    """Whether the line is a kicker or a photo credit; one that is a link is the theme's, to a category."""
    if line.links and line.links[0].start == 0:
        return False
    if is_kicker(line.text):
        return True
    credit = read_credit(line) if line.kind != "caption" and begins_like_credit(line.text) else None
    return bool(credit and credit.confidence == "read" and credit.rule == "credit.lead")


def _names_author(line: Line, posters: Set[str]) -> bool:
    linked = {
        line.text[link.start : link.end].strip().casefold() for link in line.links if "/author/" in (link.url or "")
    }
    bylines = [byline for part in {line.text, *split_parts(line.text)} if (byline := read_byline(part))]
    names = {a.name.casefold() for byline in bylines if byline.shape != "house_name" for a in byline.authors}
    return not names <= posters | linked
