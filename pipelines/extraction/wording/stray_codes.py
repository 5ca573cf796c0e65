"""What programs print into a text by mistake: shortcodes of plugins that are gone, messages of PHP and the database."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.word_search import holds_any

# What a builder or plugin that was switched off leaves in the text.
_BUILDERS = r"(?:\[/?(?:et_pb_|vc_|fusion_|caption|gallery|embed|audio|video|playlist)[^\[\]]*\]\s*){1,50}"
_NAMES = (
    r"youtube|vimeo|tweet|twitter|instagram|soundcloud|spotify|tiktok|dailymotion|googlemaps|gist|slideshare|scribd"
    r"|contact-form(?:-7)?|wpforms|gravityforms?|adrotate|adsense|mc4wp|toc|sharethis|addtoany|sitemap|ssba|polldaddy|donate"
    r"|paypal|subscribe|newsletter|related-posts|social-share|sharebuttons|smartslider\d|metaslider|layerslider|printfriendly"
)
_CODE = re.compile(
    r"\[(?P<slash>/?)(?P<name>[a-z][\w-]{1,40})"
    r"(?P<rest>(?:\s[^\[\]]{0,400})?)\]",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"\s+[\w-]+=(?P<quote>[\"'“”″‘’«»]?)\S")
_ALONE = re.compile(rf"(?:{_NAMES})", re.IGNORECASE)
_MESSAGE = re.compile(
    r"(?:PHP )?(?:Notice|Warning|Deprecated|Strict Standards|(?:Catchable |Recoverable )?Fatal error|Parse error) ?: "
    r".{1,1200}? in (?:/|[A-Z]:\\|phar://)\S{1,300} (?:: \S.{1,40} )?on line \d+\.?",
)
_TAG = re.compile(
    r"[<\[](?P<slash>/?)(?P<name>script|style|(?<=\[)et_pb_code|(?<=\[/)et_pb_code)(?:\s[^<>\[\]]*)?[>\]]",
    re.IGNORECASE,
)
_ENDS_CODE = re.compile(r"[;{}]\s*$", re.MULTILINE)
_CODE_MARK = re.compile(r"[{};=(]")
_SIGNS = ("[", "</", " on line ", "WordPress database error")  # one of them is in all that is stripped
_DATABASE = re.compile(r"WordPress database error:? \[.{1,300}\].{0,1000}")


def is_program(code: str) -> bool:
    """Whether what a module for code holds is a program: a line ends as a statement does, and none has a tag."""
    return bool(_ENDS_CODE.search(code)) and "<" not in code


def strip_stray_codes(lines: Iterable[Line]) -> list[Line]:
    """Strip shortcodes and messages out of the lines; text in `[caption]` is a caption.

    `[sic]` and other brackets of prose stay: only a code with attributes, one that is closed somewhere, or one with a
    name that no editor writes is a shortcode.
    """
    found = list(lines)
    text = "\n".join([line.text for line in found])
    if holds_any(text, _SIGNS):  # hardly a page has one
        found = _strip_lines([line for line in _drop_programs(found) if line.text])
    return [line for line in found if line.text]


def _strip_lines(found: list[Line]) -> list[Line]:
    closed = {
        match["name"].lower()
        for line in found
        if "[/" in line.text
        for match in _CODE.finditer(line.text)
        if match["slash"]
    }
    return [_strip_line(line, closed) for line in found]


def _drop_programs(found: list[Line]) -> list[Line]:
    """Drop scripts and styles that were typed as text, as in a module for code; they may go over several lines."""
    if not any("</" in line.text or "[/et_pb_code" in line.text for line in found):
        return found
    programs = deque(_find_programs("\n".join(line.text for line in found)))
    kept, start = [], 0
    for line in found:
        rest, end, cuts = line, start + len(line.text), []
        while programs and programs[0][0] < end:
            cuts.append((max(start, programs[0][0]) - start, min(end, programs[0][1]) - start))
            if programs[0][1] > end:
                break
            programs.popleft()
        for cut in reversed(cuts):
            rest = rest.cut_range(*cut)
        kept.append(rest)
        start = end + 1
    return kept


def _find_programs(text: str) -> Iterator[tuple[int, int]]:
    """Find where programs begin and end: prose that names a tag does not begin with it, close it and write code."""
    tags: dict[str, list[re.Match[str]]] = {}
    for tag in _TAG.finditer(text):
        tags.setdefault(tag["name"].lower(), []).append(tag)
    pairs = (pair for found in tags.values() for pair in pairwise(found))
    end = 0
    for opening, closing in sorted(pairs, key=lambda pair: pair[0].start()):
        if opening["slash"] or not closing["slash"] or opening.start() < end:
            continue
        code = text[opening.end() : closing.start()]
        before = text[max(end, text.rfind("\n", 0, opening.start()) + 1) : opening.start()].strip()
        begins = not before or re.fullmatch(_BUILDERS, before)
        is_code = is_program(code) if opening[0].startswith("[") else _CODE_MARK.search(code)
        if begins and (not code.strip() or is_code):
            end = closing.end()
            yield opening.start(), end


def _strip_line(line: Line, closed: set[str]) -> Line:
    if "[" in line.text:
        line = _strip_builders(line)
        codes = [match for match in _CODE.finditer(line.text) if _is_code(match, line.text, closed)]
        for match in reversed(codes):
            line = _cut_code(line, match.start(), match.end())
    if " on line " in line.text:
        for match in reversed(list(_MESSAGE.finditer(line.text))):
            line = line.cut_range(match.start(), match.end())
    return replace(line, text="") if _DATABASE.fullmatch(line.text) else line


def _cut_code(line: Line, start: int, end: int) -> Line:
    """Cut a code out; letters on both sides of it are one word, as in `[dropcap]T[/dropcap]he`."""
    is_inside = line.text[start - 1 : start].strip() and line.text[end : end + 1].strip()
    cut = line.cut_range(start, end)
    if not is_inside:
        return cut
    front = len(line.text[:start].rstrip())
    spans = tuple(
        replace(span, start=span.start - (span.start > front), end=span.end - (span.end > front)) for span in cut.spans
    )
    return replace(cut, text=cut.text[:front] + cut.text[front + 1 :], spans=spans)


def _is_code(match: re.Match[str], text: str, closed: set[str]) -> bool:
    name, rest = match["name"].lower(), match["rest"]
    if text[match.end() : match.end() + 1] == "(":  # a link as Markdown writes it
        return False
    if name in closed or "_" in name:
        return True
    is_known = bool(_ALONE.fullmatch(name))
    if attribute := _ATTRIBUTE.match(rest):
        return is_known or bool(attribute["quote"]) or "-" in name or name[-1].isdigit()
    is_whole = len(match[0]) == len(text)
    return is_known and (is_whole or "-" in name or rest.strip().startswith("http"))


def _strip_builders(line: Line) -> Line:
    opening = re.match(_BUILDERS, line.text)
    if opening:
        line = replace(line.drop_start(opening.end()), kind="caption" if "[caption" in opening[0] else line.kind)
    closing = re.search(rf"(?<!\s)\s*{_BUILDERS}$", line.text)
    return replace(line, text=line.text[: closing.start()]) if closing else line
