"""The headings of recommended resources, and of lists that may be none (site-atlas 2.6)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from pipelines.extraction.lines import Line, find_strong_end
from pipelines.extraction.wording.resources import begins_item
from pipelines.extraction.wording.sections import cut_heading, strip_end
from scraper.address import SITE_HOSTS, host_of, identity, is_post

_KINDS = frozenset(
    "resistance engagement engage resist action additional advocacy further helpful more related key recommended"
    " community learning educational reader support activist organizational organization organizations online useful"
    " other take learn get involved links link list contacts contact groups group tools information guides references"
    " reading for and & the to on of this issue voting voter voters election elections".split()
)
_MISTYPED = ("resistance", "engagement", "additional", "recommended", "organizations", "educational")
_RESOURCE = "resources"
_MAY_BE = re.compile(r"\br\w*[cs]e", re.IGNORECASE)  # in every word like it, however mistyped
_WORD = re.compile(r"[^\W\d_]+")
_ALIKE = 0.8  # share of equal letters with `resources`, which editors mistype
# Headings of recommendations that do not say `resources`; believed only if nothing but links is below them.
_CALLS = re.compile(
    r"(?:(?:(?:Learn More|Take Action|Get Involved|Act Now)(?:\s?(?:[&/+,]|and|or)\s?|$)){1,3}"
    r"|Recursos(?:\s(?:para|de)\s.{1,40})?|Further Reading|(?:For )?More Information|How (?:You Can|To) Help"
    r"|What You Can Do|(?:Organizations|Groups) to (?:Support|Follow|Watch)"
    r"|(?:Helpful|Useful|Related) (?:Links|Organizations)"
    r"|(?:Recommended|Additional|Suggested) Reading|Links)",
    re.IGNORECASE,
)
# The same, but headings of text as often.
_VAGUE_CALLS = re.compile(
    r"(?:Engagement|Resistance|Advocacy|Activism|Actions?(?: (?:Steps?|Items?|to Take|Alerts?))?|Calls? to Action"
    r"|(?:How to |Ways to )?(?:Take Action|Get (?:Involved|Engaged)|Help|Engage|Resist|Act)"
    r"(?: (?:Now|Today|on .{1,40}))?"
    r"|What (?:You|We) Can Do(?: .{1,20})?|Where to (?:Get|Find|Learn) (?:Help|More)"
    r"|(?:(?:Helpful|Useful|Related|Important|Key|Advocacy|Engagement|Resistance) )?(?:Organi[sz]ations|Groups|Links"
    r"|Opportunities|Contacts)(?: (?:to|that|who|working|on|in|for|involved)\b.{0,40})?)",
    re.IGNORECASE,
)
# Headings of what a text was written from, which nobody recommends.
_SOURCES = re.compile(
    r"(?:(?:Learn More )?References?|Sources?(?: Consulted| Cited)?|Works? Cited|Citations?|Bibliography|Notes"
    r"|Footnotes)",
    re.IGNORECASE,
)
_POSTS = r"(?:Briefs?|Posts?|Articles?|Stor(?:y|ies)|Coverage|Op-?Eds?|Blogs?|Pieces?)"
# Headings of what stands below the list and recommends nobody: other posts, and the site itself.
_ELSEWHERE = re.compile(
    rf"(?:(?:Related|Recent|Other|Previous|Earlier|Past|Latest|Popular|Similar|More|Further)(?: \w+)? {_POSTS}"
    rf"(?: .{{1,40}})?|More (?:from|by|in this)\b.{{0,40}}|(?:Share|Print|Forward|Rate) this(?: {_POSTS})?"
    r"|(?:You )?(?:May|Might) Also (?:Like|Enjoy)|Contact (?:Us|the (?:Author|Editors?))"
    r"|(?:Support|Donate to|Follow|Join|About|Subscribe to) (?:Us|Our (?:Work|Mission|Site|Newsletter|Journalism)))",
    re.IGNORECASE,
)
_LONGEST = 80  # characters of a heading
_BARE = 4  # words of a vague heading that nothing sets apart
_LONGEST_TAIL = 8  # words that say for whom or what the resources are
_RUN_IN = re.compile(
    r"(?P<heading>(?:Resistance|Engagement) Resources|(?:RESISTANCE|ENGAGEMENT) RESOURCES)(?P<mark>\s*[:–—-]|)\s+(?=\S)"
)
_ASIDE = re.compile(r"(?<!\s)\s*\([^()]*\b(?:click|links?|below|tap)\b[^()]*\)\s*$", re.IGNORECASE)
_QUOTES = "“”\"‘’'"
_QUOTED = re.compile(r"[“”\"‘’'](?P<inner>[^“”\"]+)[“”\"‘’']")
_TAIL = re.compile(r"[:,;(–—-]|(?:for|to|on|in|about|from|that|which|and|see|click|tap)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ResourceHeading:
    text: str
    rest: Line | None = None  # a first item in the same line


def may_head_list(line: Line) -> bool:
    """A cheap look before the careful ones: whether a line is short, or holds marks around a heading or behind it."""
    text = strip_end(line.text)
    if len(text) <= _LONGEST or find_strong_end(line) > 0 or ")" in text or text[:1] in _QUOTES:
        return True
    return _RUN_IN.match(text) is not None


def read_resource_heading(line: Line) -> ResourceHeading | None:
    """Read the heading of the resources, alone on its line or in strong before the first item."""
    if line.kind == "caption":
        return None
    text = strip_end(line.text)
    if names_resources(text):
        return ResourceHeading(text)
    if (
        text[:1] in _QUOTES
        and (quoted := _QUOTED.fullmatch(text))
        and names_resources(inner := strip_end(quoted["inner"]))
    ):
        return ResourceHeading(text.replace(quoted["inner"], inner))
    end = find_strong_end(line)
    if end and names_resources(strip_end(line.text[:end])):
        return ResourceHeading(strip_end(line.text[:end]), cut_heading(line, end))
    run_in = _RUN_IN.match(line.text)
    is_heading = run_in and _heads_item(line.drop_start(run_in.end()), run_in["mark"].strip() == ":")
    return ResourceHeading(run_in["heading"], cut_heading(line, run_in.end())) if run_in and is_heading else None


def _heads_item(rest: Line, has_colon: bool) -> bool:
    """Whether the rest of a line that begins with the words of a heading is an item: they may begin a sentence too."""
    if any(link.start == 0 for link in rest.links):
        return True
    # A text has lost the strong letters and the link; the colon and the capitals are left.
    return has_colon and rest.text[0].isupper() and (rest.is_plain or begins_item(rest))


def read_long_heading(line: Line) -> ResourceHeading | None:
    """Read a heading that says besides for whom the resources are: `Engagement Resources for Asylum Seekers`.

    It is to be believed only if nothing but links is below.
    """
    text = strip_end(line.text)
    if not _is_set_apart(line) or line.links or len(text) > _LONGEST or text.endswith((".", "!", "?")):
        return None
    words = _WORD.finditer(text) if _MAY_BE.search(text) else ()
    found = next((m for m in words if _is_resource_word(m[0].lower())), None)
    if found is None:
        return None
    front, tail = text[: found.end()], text[found.end() :].strip()
    has_tail = _TAIL.match(tail) and len(tail.split()) <= _LONGEST_TAIL
    return ResourceHeading(text) if has_tail and names_resources(front) else None


def _is_set_apart(line: Line) -> bool:
    return line.kind == "h" or line.is_bold or line.text.endswith(":")


def names_resources(text: str) -> bool:
    """Whether the words are `Engagement Resources` or similar, mistyped or not, and nothing else."""
    return (len(text) <= _LONGEST or text.rstrip().endswith(")")) and _name_resources(text)


@lru_cache(maxsize=256)  # the same headings part many briefs
def _name_resources(text: str) -> bool:
    if not _MAY_BE.search(text) or len(text := _ASIDE.sub("", text)) > _LONGEST:
        return False
    words = [word for word in re.split(r"[\s/,:–—-]+", text.lower()) if word == "&" or re.search(r"\w", word)]
    resource_words = [word for word in words if _is_resource_word(word)]
    if not resource_words or len(words) > 7:
        return False
    return all(word in _KINDS or word in resource_words or _is_mistyped(word) for word in words)


def _is_resource_word(word: str) -> bool:
    close = word[:1] == "r" and 5 < len(word) < 14 and SequenceMatcher(None, word, _RESOURCE).ratio() >= _ALIKE
    return close and word not in ("reports", "reforms", "responses", "recourse", "recourses", "reserves")


def _is_mistyped(word: str) -> bool:
    """Whether a word in front of `resources` is one of the usual ones but for a letter or two."""
    return any(word[0] == usual[0] and SequenceMatcher(None, word, usual).ratio() >= 0.85 for usual in _MISTYPED)


def is_certain(heading: ResourceHeading) -> bool:
    """Whether the heading is certain whatever follows it: the site has always used these two."""
    return bool(re.fullmatch(r"\W?(?:Resistance|Engagement) Resources?\W?", heading.text, re.IGNORECASE))


def begins_certain(heading: ResourceHeading) -> bool:
    """Whether one of the two that the site has always used stands in front of what else the heading says."""
    return bool(re.match(r"(?:For )?(?:Resistance|Engagement) Resources\b", heading.text, re.IGNORECASE))


def is_call_to_action(line: Line) -> bool:
    """Whether the line may be a heading of recommended links without saying `resources`."""
    text = strip_end(line.text)
    return len(text) <= _LONGEST and line.kind not in ("li", "caption") and bool(_CALLS.fullmatch(text))


def may_head_links(line: Line) -> bool:
    """Whether the line may be such a heading, or one of text: `Engagement`, `Action Steps`."""
    text = strip_end(line.text)
    if len(text) > _LONGEST or line.kind in ("li", "caption") or line.links:
        return False
    if _CALLS.fullmatch(text):
        return True
    return bool(_VAGUE_CALLS.fullmatch(text)) and (_is_set_apart(line) or len(line.text.split()) <= _BARE)


def heads_elsewhere(line: Line, following: Sequence[Line]) -> bool:
    """Whether the line heads other posts of the site or what it says of itself, by its words or the link below."""
    is_heading = line.kind == "h" or line.is_bold or line.text.endswith(":")
    if not is_heading or line.kind == "li" or line.links:
        return False
    links = following[0].links if following else ()
    return leads_to_post(links[0].url if links else None) or bool(_ELSEWHERE.fullmatch(strip_end(line.text)))


def leads_to_post(url: str | None) -> bool:
    """Whether the address is that of a post of the site."""
    return url is not None and host_of(url) in SITE_HOSTS and is_post(identity(url))


def is_source_heading(text: str) -> bool:
    """Whether the words are a heading of the sources that the text was written from."""
    return bool(_SOURCES.fullmatch(strip_end(text)))
