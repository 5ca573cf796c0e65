"""The label: the line that carries a brief's number and policy domain (site-atlas 2.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache

from pipelines.extraction.wording.domains import (
    CANONICAL,
    ends_in_domain,
    find_nearest_domain,
    is_domain_name,
    to_canonical_domain,
)

_DOMAIN = r"(?P<domain>\S(?:[^|()]*\S)?)"
_NOT_POLICY = r"(?<!\sBrief)(?<!(?<!Foreign)\sPolicy)"  # `Foreign Policy` is a domain's whole name
_NUMBER = r"(?P<number>\d{1,4})"


@dataclass(frozen=True, slots=True)
class Shape:
    """One way in which the editors wrote a label, and the years in which they did."""

    name: str
    years: str
    examples: tuple[str, ...]
    pattern: re.Pattern[str]


_DIGIT = re.compile(r"\d")


def _build_shape(name: str, years: str, pattern: str, *examples: str, flags: int = 0) -> Shape:
    return Shape(name, years, examples, re.compile(pattern, flags))


SHAPES = (
    _build_shape("emdash", "2018-2021", rf"Brief #{_NUMBER}—(?=\S){_DOMAIN}", "Brief #89—Foreign Policy"),
    _build_shape("emdash_spaced", "2018", rf"Brief #{_NUMBER} — {_DOMAIN}", "Brief #7 — Gun Control"),
    _build_shape("three_hyphens", "2018", rf"Brief #{_NUMBER}---{_DOMAIN}", "Brief #44---Environment"),
    _build_shape("no_dash", "2018", rf"Brief #{_NUMBER} (?=[^\W\d]){_DOMAIN}", "Brief #52 Immigration"),
    _build_shape("spaced_number_no_dash", "2018", rf"Brief # {_NUMBER} (?=[^\W\d]){_DOMAIN}", "Brief # 3 Gun Control "),
    _build_shape("dash_number", "2020", rf"Brief #—{_NUMBER}", "Brief #—79"),
    _build_shape("spaced_number", "2021", rf"Brief # {_NUMBER} – {_DOMAIN}{_NOT_POLICY}",
           "Brief # 116 – Civil Rights", "Brief # 119 – Foreign Policy "),
    _build_shape("spaced_number_policy", "2021", rf"Brief # {_NUMBER} – {_DOMAIN}(?<!Foreign) Policy",
           "Brief # 119 – Environmental Policy"),
    _build_shape("endash", "2021-2023", rf"Brief #{_NUMBER} – {_DOMAIN}{_NOT_POLICY}",
           "Brief #136 – Foreign Policy", "Brief #108 – Health and Gender "),
    _build_shape("endash_policy", "2021-2023", rf"Brief #{_NUMBER} – {_DOMAIN}(?<!Foreign) Policy",
           "Brief #164 – Civil Rights Policy"),
    _build_shape("endash_policy_brief", "2023-2024", rf"Brief #{_NUMBER} – {_DOMAIN} Brief",
           "Brief #223 – Civil Rights Policy Brief", "Brief #87 – Foreign Policy Brief"),
    _build_shape("policy_brief_first", "2024", rf"Policy Brief #{_NUMBER} – {_DOMAIN}",
           "Policy Brief #174 – Health and Gender"),
    _build_shape("domain_first", "2025", rf"{_DOMAIN} Brief #{_NUMBER}", "Immigration Policy Brief #190",
           "Social Justice Policy Brief #171"),
    _build_shape("domain_twice", "2022-2024",
           rf"(?P<front>(?!Policy Brief)\S(?:[^|()#]*\S)?) Brief #{_NUMBER} – {_DOMAIN}",
           "Foreign Policy Brief #163 – Foreign Policy"),
    _build_shape("domain_first_spaced_number", "2025", rf"{_DOMAIN} Brief # {_NUMBER}",
           "Technology Policy Brief # 149"),
    _build_shape("domain_number", "2024", rf"{_DOMAIN}(?<!Brief) #{_NUMBER}", "Elections & Politics #138"),
    _build_shape("blog_unnumbered", "2021", r"Brief (?P<domain>USRN Blog)", "Brief USRN Blog"),
)  # fmt: skip
# Not in the atlas, but an editor may type them: other dashes, a colon, `No.`, capitals.
LENIENT = (
    _build_shape("lenient", "?",
           rf"(?:Policy )?Brief\s*(?:#|No\.?|Number)\s*(?:[-‐-―]+\s*)?{_NUMBER}(?:\s*[-‐-―:,/]+\s*{_DOMAIN})?",
           "BRIEF #58 - FOREIGN POLICY", flags=re.IGNORECASE),
    _build_shape("lenient_no_dash", "?", rf"Brief\s*(?:#|No\.?)\s*{_NUMBER}\s+{_DOMAIN}",
           "BRIEF #3 GUN CONTROL", flags=re.IGNORECASE),
    _build_shape("lenient_domain_first", "?", rf"{_DOMAIN} Brief\s*(?:(?:#|No\.?)\s*)?(?:[-‐-―]+\s*)?{_NUMBER}",
           "FOREIGN POLICY BRIEF No. 209", flags=re.IGNORECASE),
    _build_shape("lenient_number_first", "?",
           rf"#\s*{_NUMBER}(?:\s*[-‐-―:,]+\s*|\s+)(?=[^\W\d]){_DOMAIN} Brief",
           "#209 Foreign Policy Brief", flags=re.IGNORECASE),
    _build_shape("lenient_unnumbered", "?",
           rf"(?:Policy )?Brief(?:\s*(?:#|No\.?)\s*(?:TB[AD]|N/?A|X{{1,4}}|[_?…]{{1,9}}|0+)?)?"
           rf"(?:(?<!\s)\s+)?[-‐-―:]+\s*(?=[^\W\d]){_DOMAIN}",
           "Brief #TBD – Foreign Policy", "Brief—Civil Rights", flags=re.IGNORECASE),
)  # fmt: skip
_ALL_SHAPES = SHAPES + LENIENT
_UNNUMBERED = tuple(shape for shape in _ALL_SHAPES if _NUMBER not in shape.pattern.pattern)
# Without a dash or a number nothing but a known domain makes a label of such words.
_NAMES_DOMAIN = frozenset(("lenient_no_dash", "lenient_number_first", "lenient_unnumbered"))
_CLOSING_LABELS = (
    re.compile(r"^(?P<title>.*?)(?<!\s)\s*[(\[](?P<label>[^()\[\]#]*#[^()\[\]]*?)(?<!\s)\s*(?:[)\]]\s*)?$"),
    re.compile(r"^(?P<title>.+?)(?<!\s)\s+[-–—|]\s+(?P<label>[^-–—|()\s][^-–—|()]* Brief\s#\s?\d+)$"),
)


# `The Facts Behind Brief #57`, `Update to Brief #57`, `Who Reads a Court Brief #18`: about a brief, not its label.
_PROSE = re.compile(
    r"^(?:who|what|why|how|when|where|as|is|are|does|do|should|can|will|see|read)\b"
    r"|\b(?:to|of|behind|about|from|with|without|than|after|before|against|a|an|this|that|our|its)$"
    r"|\s(?:a|an|told|is|are|was|were)\s",
    re.IGNORECASE,
)


_PARTED = re.compile(r"^[-‐-―]|:|\s[–—-]\s")
_SENTENCE_MARK = re.compile(r"[.?!;]\s|[.?!;,]$|#")
_BEFORE_NUMBER = re.compile(r"\bB[a-z]{3,5}(?=\s*(?:#|No\b\.?)\s*(?:[-‐-―]+\s*)?\d)", re.IGNORECASE)
_NUMBERED = re.compile(r"no\b\.?\s*(?:[-‐-―]+\s*)?\d")  # in every text with such a word and no `#`
_NEAR = 0.8  # share of equal letters
LONGEST = 300  # characters that no label has


_NOTE = r"(?:part (?:\d{1,2}|[IVX]{1,4}|one|two|three)|updated?|revised|corrected|correction|more|continued|cont\.|new)"
_TAIL = re.compile(rf"(?:(?<!\s)\s*(?:\({_NOTE}\)|[-–—:,]\s*{_NOTE})|(?<![.,:;…])[.,:;…]+)$", re.IGNORECASE)
_FRONT = re.compile(rf"^{_NOTE}\s*(?:[:–—-]\s*)?(?=\S)", re.IGNORECASE)
# What stands behind the domain: a note, a month, or words that only may be no part of it.
_BEHIND_DOMAIN = re.compile(r",?\s(?=Part\s)|,\s", re.IGNORECASE)
_NOTE_OR_MONTH = re.compile(rf"{_NOTE}|[A-Z][a-z]{{2,8}}\.? (?:\d{{1,2}}, )?20\d\d", re.IGNORECASE)
# Briefs that courts read, and series of the site.
_LEGAL = re.compile(
    r"(?:.*\s)?(?:amicus(?: curiae)?|amici|reply|legal|merits|opening|answering|appellate|appeals?|appell(?:ant|ee)s?"
    r"|court|trial|defen[cs]e|(?:respondent|petitioner|plaintiff|defendant)’?s?’?|supplemental|sentencing)",
    re.IGNORECASE,
)
_SERIES = re.compile(r"\b(?:series|dispatch|preview|project|policy|tba)\b", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_PART = re.compile(r"(?<=#)\s*(\d{1,4})(?:-?[A-Z]|\([a-z]\))(?=\s*(?:[-‐-―:,]|$))|(?<=\d),(?=\d{3}\b)", re.IGNORECASE)
_SIGN = re.compile(r"(?:\bn[º°]\.?|[№＃])\s*(?=\d)", re.IGNORECASE)
# `NAME: Brief #58`, `NAME Brief: #58`, `NAME Brief ##58`
_MARKED = re.compile(r"(?:(?<=[^\s:,–—-])(?:\s*[:,–—-])?\s*\bBrief\s?:?\s#{1,2}|^Brief\s?[:–—-]\s?#)", re.IGNORECASE)
_NUMBER_ALONE = re.compile(r"^(?P<front>(?:Policy )?Brief )(?=\d)", re.IGNORECASE)
# Without a bracket or a `#` only a known domain makes a label of the end of a title.
_CLOSING_OF_DOMAIN = (
    re.compile(r"^(?P<title>.+?)(?<!\s)\s*\((?P<label>[^()#]+ Brief (?:No\.? ?)?\d{1,4})\)$", re.IGNORECASE),
    re.compile(r"^(?P<title>[^:]+):\s+(?P<label>[^:|()\s][^:|()]* Brief\s#\s?\d+)$"),
)


@dataclass(frozen=True, slots=True)
class Label:
    text: str  # as published, without parentheses and without what follows a `|`
    number: int | None
    domain: str | None  # canonical where the name is known
    shape: str
    is_doubtful: bool = False  # the domain is misspelt, or other words are in front of it

    @property
    def is_lenient(self) -> bool:
        return self.is_doubtful or self.shape.startswith("lenient")


def _read_domain(match: re.Match[str]) -> tuple[str | None, bool]:
    """Read the domain, and whether it is doubtful."""
    words = match.groupdict().get("domain")
    if not words or words.lower() == "policy":
        return None, False
    if is_domain_name(words):
        return to_canonical_domain(words), False
    if behind := _find_behind_dash(words):
        return to_canonical_domain(behind), True
    tail = _BEHIND_DOMAIN.search(words)
    if tail and is_domain_name(words[: tail.start()]):
        return to_canonical_domain(words[: tail.start()]), not _NOTE_OR_MONTH.fullmatch(words[tail.end() :])
    near = find_nearest_domain(words)
    is_several = is_domain_name(words.partition("/")[0]) or ends_in_domain(words)
    return near or to_canonical_domain(words), bool(near) or is_several


def _find_behind_dash(words: str) -> str | None:
    """Find the domain behind the last dash in the domain's place: `59—Immigration`, `Part II—Foreign` (Policy)."""
    _, dash, name = words.rpartition("—")
    return next((full for full in (name, f"{name} Policy") if is_domain_name(full)), None) if dash else None


def _has_fitting_domain(shape: Shape, match: re.Match[str]) -> bool:
    """Whether the words in the domain's place can be one, for prose that contains `Brief #57` is no label."""
    words = match.groupdict().get("domain")
    if words is None:
        return True
    if shape.name == "domain_twice":  # anything else in front is prose that ends in a label
        return is_domain_name(words) and to_canonical_domain(match["front"]) == to_canonical_domain(words)
    if shape.name in _NAMES_DOMAIN:
        return is_domain_name(words)
    if _puts_domain_first(shape) and _LEGAL.fullmatch(to_canonical_domain(words)):
        return False
    if shape.name == "domain_number":  # `Part #2`, `Update #25` look the same
        return to_canonical_domain(words) != words or is_domain_name(words)
    if _PARTED.search(words) or ("—" in words and not _find_behind_dash(words)):
        return False
    if (words[0].islower() or _PROSE.search(words)) and not is_domain_name(words):
        return False
    return len(words) <= 70 and len(words.split()) <= 9 and not _SENTENCE_MARK.search(words)


def read_label(line: str) -> Label | None:
    """Read the label that a whole line is, with or without parentheses; None for any other line.

    One with a note or a mark behind it, or without its `#`, is doubtful, and none without a number and a known domain.
    """
    text = line.strip()
    if text[:1] + text[-1:] in ("()", "[]"):
        text = text[1:-1].strip()
    return _read_bare_label(text) if may_be_label(text) else None


@lru_cache(maxsize=256)  # the lines of a head are asked for it several times
def _read_bare_label(text: str) -> Label | None:
    label = _read_shape(text)
    if label or not _DIGIT.search(text):
        return label
    bare = _SIGN.sub("#", _TAIL.sub("", text))
    bare = _MARKED.sub(" Brief #", _PART.sub(r"\1", bare)).strip()
    bare = _NUMBER_ALONE.sub(r"\g<front>#", _ORDINAL.sub("", _FRONT.sub("", bare)))
    label = _read_shape(bare) if bare != text else None
    is_whole = label and label.number is not None and label.domain in CANONICAL
    return replace(label, text=text, is_doubtful=True) if label and is_whole else None


def _read_shape(text: str) -> Label | None:
    has_number = _DIGIT.search(text) is not None
    slip = find_slip(text) if has_number else None
    correct = f"{text[: slip.start()]}Brief{text[slip.end() :]}" if slip else text
    correct = correct.replace("\u2212", "–")  # a minus sign is a dash
    for shape in _ALL_SHAPES if has_number else _UNNUMBERED:
        match = shape.pattern.fullmatch(correct)
        if match and _has_fitting_domain(shape, match):
            number = match.groupdict().get("number")
            domain, doubtful = _read_domain(match)
            doubtful = doubtful or slip is not None or _may_be_another_brief(shape, text, domain)
            return Label(text, int(number) if number else None, domain, shape.name, doubtful)
    return None


def _may_be_another_brief(shape: Shape, text: str, domain: str | None) -> bool:
    """Whether words in front of `Brief` are no known domain and no series: others write briefs too."""
    return _puts_domain_first(shape) and domain not in CANONICAL and not _SERIES.search(text)


def _puts_domain_first(shape: Shape) -> bool:
    return shape.name == "domain_number" or "domain_first" in shape.name


def may_be_label(text: str) -> bool:
    """A cheap look before the careful one."""
    if len(text) > LONGEST:
        return False
    if "#" in text or "rief" in (small := text.lower()):
        return True
    return "no" in small and bool(_NUMBERED.search(small) and _BEFORE_NUMBER.search(text))


def find_slip(text: str) -> re.Match[str] | None:
    """Find a word before a number that is `Brief` but for a slip: `Breif #58`, `Brif No. 58`."""
    word = _BEFORE_NUMBER.search(text)
    is_near = (
        word
        and word[0].lower() not in ("brief", "briefs")
        and SequenceMatcher(None, word[0].lower(), "brief").ratio() >= _NEAR
    )
    return word if is_near else None


def are_one_label(line: str, following: str) -> bool:
    """Whether two lines are one label: number and domain, in whatever order, with a break between them."""
    if len(line) + len(following) > LONGEST or not (may_be_label(line) or may_be_label(following)):  # nearly all
        return False
    number, name = (following, line) if is_domain_name(line) else (line, following)
    label = read_label(number.rstrip(" :-‐‑‒–—―"))
    if label is None or label.number is None or label.domain is not None:
        return False
    if not is_domain_name(name) and not number.endswith(("-", "–", "—")):
        return False
    whole = read_label(f"{line} {following}")
    return whole is not None and whole.number == label.number and whole.domain is not None


def read_closing_label(title: str) -> tuple[str, Label] | None:
    """Split a title from the label `(… Brief #N)` at its end; None where it has none."""
    return _split_title(title) if "(" in title or "[" in title or " Brief" in title else None


@lru_cache(maxsize=64)  # a headline is stated several times
def _split_title(title: str) -> tuple[str, Label] | None:
    title = title.removesuffix(".") if title.endswith(").") else title
    for pattern in (*_CLOSING_LABELS, *_CLOSING_OF_DOMAIN):
        match = pattern.match(title)
        label = read_label(match["label"]) if match else None
        if match and label and (pattern in _CLOSING_LABELS or label.domain in CANONICAL):
            return match["title"], label
    return None
