"""The label: the line that carries a brief's number and policy domain (site-atlas 2.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.wording.domains import canonical_domain, is_domain_name

_DOMAIN = r"(?P<domain>\S(?:[^|()]*\S)?)"
_NOT_POLICY = r"(?<!\sBrief)(?<!(?<!Foreign)\sPolicy)"  # `Foreign Policy` is a domain's whole name
_NUMBER = r"(?P<number>\d{1,4})"


@dataclass(frozen=True, slots=True)
class Shape:
    """One way the editors wrote a label, in the years they wrote it so."""

    name: str
    years: str
    examples: tuple[str, ...]
    pattern: re.Pattern[str]


def _shape(name: str, years: str, pattern: str, *examples: str, flags: int = 0) -> Shape:
    return Shape(name, years, examples, re.compile(pattern, flags))


SHAPES = (
    _shape("emdash", "2018-2021", rf"Brief #{_NUMBER}—(?=\S){_DOMAIN}", "Brief #89—Foreign Policy"),
    _shape("emdash_spaced", "2018", rf"Brief #{_NUMBER} — {_DOMAIN}", "Brief #7 — Gun Control"),
    _shape("three_hyphens", "2018", rf"Brief #{_NUMBER}---{_DOMAIN}", "Brief #44---Environment"),
    _shape("no_dash", "2018", rf"Brief #{_NUMBER} (?=[^\W\d]){_DOMAIN}", "Brief #52 Immigration"),
    _shape("spaced_number_no_dash", "2018", rf"Brief # {_NUMBER} (?=[^\W\d]){_DOMAIN}", "Brief # 3 Gun Control "),
    _shape("dash_number", "2020", rf"Brief #—{_NUMBER}", "Brief #—79"),
    _shape("spaced_number", "2021", rf"Brief # {_NUMBER} – {_DOMAIN}{_NOT_POLICY}",
           "Brief # 116 – Civil Rights", "Brief # 119 – Foreign Policy "),
    _shape("spaced_number_policy", "2021", rf"Brief # {_NUMBER} – {_DOMAIN}(?<!Foreign) Policy",
           "Brief # 119 – Environmental Policy"),
    _shape("endash", "2021-2023", rf"Brief #{_NUMBER} – {_DOMAIN}{_NOT_POLICY}",
           "Brief #136 – Foreign Policy", "Brief #108 – Health and Gender "),
    _shape("endash_policy", "2021-2023", rf"Brief #{_NUMBER} – {_DOMAIN}(?<!Foreign) Policy",
           "Brief #164 – Civil Rights Policy"),
    _shape("endash_policy_brief", "2023-2024", rf"Brief #{_NUMBER} – {_DOMAIN} Brief",
           "Brief #223 – Civil Rights Policy Brief", "Brief #87 – Foreign Policy Brief"),
    _shape("policy_brief_first", "2024", rf"Policy Brief #{_NUMBER} – {_DOMAIN}",
           "Policy Brief #174 – Health and Gender"),
    _shape("domain_first", "2025", rf"{_DOMAIN} Brief #{_NUMBER}", "Immigration Policy Brief #190",
           "Social Justice Policy Brief #171"),
    _shape("domain_first_spaced_number", "2025", rf"{_DOMAIN} Brief # {_NUMBER}", "Technology Policy Brief # 149"),
    _shape("domain_number", "2024", rf"{_DOMAIN}(?<!Brief) #{_NUMBER}", "Elections & Politics #138"),
    _shape("blog_unnumbered", "2021", r"Brief (?P<domain>USRN Blog)", "Brief USRN Blog"),
)  # fmt: skip
# What the atlas does not show but an editor may type: other dashes, a colon, `No.`, capitals.
LENIENT = (
    _shape("lenient", "?",
           rf"(?:Policy )?Brief\s*(?:#|No\.?|Number)\s*[-‐-―]*\s*{_NUMBER}(?:\s*[-‐-―:,]+\s*{_DOMAIN})?",
           "BRIEF #58 - FOREIGN POLICY", flags=re.IGNORECASE),
    _shape("lenient_domain_first", "?", rf"{_DOMAIN} Brief\s*(?:#|No\.?)?\s*[-‐-―]*\s*{_NUMBER}",
           "FOREIGN POLICY BRIEF No. 209", flags=re.IGNORECASE),
)  # fmt: skip
_CLOSING_LABELS = (
    re.compile(r"^(?P<title>.*?)\s*[(\[](?P<label>[^()\[\]]*?#[^()\[\]]*?)\s*(?:[)\]]\s*)?$"),
    re.compile(r"^(?P<title>.+?)\s+[-–—|]\s+(?P<label>[^-–—|()]+ Brief\s#\s?\d+)$"),
)


@dataclass(frozen=True, slots=True)
class Label:
    text: str  # as published, without parentheses and what follows a `|`
    number: int | None
    domain: str | None  # canonical where the name is known
    shape: str

    @property
    def lenient(self) -> bool:
        return self.shape.startswith("lenient")


def _domain_of(match: re.Match[str]) -> str | None:
    written = match.groupdict().get("domain")
    return canonical_domain(written) if written and written.lower() != "policy" else None


def _fits(shape: Shape, match: re.Match[str]) -> bool:
    """Whether what stands for the domain can be one: prose that happens to hold `Brief #57` is no label."""
    written = match.groupdict().get("domain")
    if written is None:
        return True
    if shape.name == "domain_number":  # `Part #2`, `Update #25` look the same
        return canonical_domain(written) != written or is_domain_name(written)
    if re.search(r"^[-‐-―]|:|\s[–—-]\s", written):
        return False
    if written[0].islower() and not is_domain_name(written):
        return False
    return len(written) <= 70 and len(written.split()) <= 9 and not re.search(r"[.?!;]\s|[.?!;,]$|#", written)


def read_label(line: str) -> Label | None:
    """The label that a whole line is, with or without parentheses; None for any other line."""
    text = line.strip()
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    if "rief" not in text.lower() and "#" not in text:
        return None
    for shape in SHAPES + LENIENT:
        match = shape.pattern.fullmatch(text)
        if match and _fits(shape, match):
            number = match.groupdict().get("number")
            return Label(text, int(number) if number else None, _domain_of(match), shape.name)
    return None


def closing_label(title: str) -> tuple[str, Label] | None:
    """The title without a closing `(… Brief #N)`, and that label; None where the title has none."""
    for pattern in _CLOSING_LABELS:
        match = pattern.match(title)
        label = read_label(match["label"]) if match else None
        if match and label:
            return match["title"], label
    return None
