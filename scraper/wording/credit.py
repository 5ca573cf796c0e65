"""Photo credits: the Unsplash badge and the other forms (site-atlas 2.7, 5.6)."""

from __future__ import annotations

import re

from scraper.address import host_of
from scraper.lines import Line
from scraper.records import PhotoCredit
from scraper.wording.byline import is_name

BADGE = re.compile(r"unsplash-logo\s*", re.IGNORECASE)  # the <title> of the badge's SVG, glued to the name in bare text
_NOUN = (
    r"(?:(?:Cover|Featured|Header|Lead|Banner|Feature)\s+)?(?:Photo(?:graph|graphy)?s?|Image|Picture"
    r"|Illustration|Graphic|Pic)"
)
_LEAD = re.compile(
    rf"(?:{_NOUN}\s*(?:credits?|source|courtesy|attribution)?\s*(?::\s*|\s(?:by|from|via|of"
    rf"|courtesy\s+of)\b\s*:?\s*)|"
    rf"{_NOUN}\s+(?:credits?|source)\s+|(?:taken|retrieved)\s+from\s*:\s*|"
    rf"{_NOUN}\s+(?:was\s+)?(?:taken|retrieved|provided|supplied|shot)\s+(?:from|by)\s*:?\s*|Credits?\s*:\s*)",
    re.IGNORECASE,
)
_AGENCIES = {
    "unsplash": "Unsplash", "vecteezy": "Vecteezy", "getty images": "Getty Images", "getty": "Getty Images",
    "pexels": "Pexels", "pixabay": "Pixabay", "reuters": "Reuters", "associated press": "Associated Press",
    "ap photo": "AP", "ap": "AP", "afp": "AFP", "shutterstock": "Shutterstock", "flickr": "Flickr",
    "wikimedia commons": "Wikimedia Commons", "wikimedia": "Wikimedia Commons", "wikipedia": "Wikipedia",
    "istock": "iStock", "istockphoto": "iStock", "adobe stock": "Adobe Stock", "bloomberg": "Bloomberg",
    "creative commons": "Creative Commons", "freepik": "Freepik", "dreamstime": "Dreamstime", "alamy": "Alamy",
    "depositphotos": "Depositphotos", "canva": "Canva", "epa": "EPA", "anadolu": "Anadolu", "pixnio": "Pixnio",
}  # fmt: skip
_HOSTS = {
    "unsplash.com": "Unsplash", "vecteezy.com": "Vecteezy", "gettyimages.com": "Getty Images", "pexels.com": "Pexels",
    "pixabay.com": "Pixabay", "shutterstock.com": "Shutterstock", "flickr.com": "Flickr",
    "commons.wikimedia.org": "Wikimedia Commons", "istockphoto.com": "iStock", "stock.adobe.com": "Adobe Stock",
    "reuters.com": "Reuters", "apnews.com": "AP", "freepik.com": "Freepik",
}  # fmt: skip
_AGENCY = "|".join(sorted(map(re.escape, _AGENCIES), key=len, reverse=True))
_FROM = re.compile(
    rf"^(?P<name>.*?)(?:\s+(?:on|from|via|by|at|courtesy\s+of)\s+|\s*[/|,(]\s*"
    rf"|\s+[–—-]\s+)(?P<source>{_AGENCY})\b[\s.)]*$",
    re.IGNORECASE,
)
_ONLY = re.compile(rf"(?P<source>{_AGENCY})", re.IGNORECASE)
_PARENTHESIS = re.compile(rf"\((?P<source>AP Photo|{_AGENCY})\s*[/:]\s*(?P<name>[^()]+)\)", re.IGNORECASE)
_LICENCE = re.compile(
    r"(?:[\s,|/(–-]+)(?:licensed under|under (?:a )?(?:CC|Creative)|CC[ -](?:BY|0)|public domain).*$", re.IGNORECASE
)
_LONGEST = 160  # characters of a credit line; prose that begins with `Photo` is longer or a sentence


def _source_of(url: str | None) -> str | None:
    host = host_of(url) if url else ""
    return next((name for known, name in _HOSTS.items() if host == known or host.endswith("." + known)), None)


def _split(words: str) -> tuple[str | None, str | None]:
    """Photographer or stock page, and agency, out of what follows `Photo by`."""
    words = _LICENCE.sub("", words.strip())
    if not re.search(r"\b(?:[A-Z]|Jr|Sr)\.$", words):  # initials keep their full stop
        words = words.rstrip(".").strip()
    if match := _FROM.match(words):
        return match["name"].strip(" ,") or None, _AGENCIES[match["source"].lower()]
    if match := _ONLY.fullmatch(words):
        return None, _AGENCIES[match["source"].lower()]
    name, slash, agency = words.partition("/")
    if slash and is_name(name.strip()) and len(agency.split()) <= 3 and "/" not in agency:
        return name.strip(), agency.strip() or None
    return words.strip(" ,") or None, None


def _looks_like_credit(words: str) -> bool:
    """Whether what follows the lead can be a name: short, no sentence, not prose in small letters."""
    if not words or len(words) > 110 or re.search(r"[.!?]\s+[A-Z][a-z]+\s[a-z]", words):
        return False
    first = words.lstrip('@"“(')
    named = bool(first) and (not first[0].islower() or is_name(first.split(" on ")[0]))
    return named or words[0] == "@" or "://" in words


def _credit(line: Line, start: int, name: str | None, source: str | None, shape: str) -> tuple[PhotoCredit, str]:
    links = [link for link in line.links if link.end > start]
    url = links[0].url if links else None
    badge = "Unsplash" if BADGE.search(line.text) else None
    source = source or badge or next((s for link in links if (s := _source_of(link.url))), None)
    text = BADGE.sub("", line.text[start:]).strip()
    return PhotoCredit(text, name, source, url), "badge" if badge and shape == "lead" else shape


def read_credit(line: Line, *, caption: bool = False) -> tuple[PhotoCredit, str] | None:
    """The credit that a line is, or, in a caption, ends with; and the name of its shape.

    A link to Unsplash with nothing around it is the badge without its words.
    """
    words = BADGE.sub("", line.text)
    if (inner := re.fullmatch(r"[(\[](.+)[)\]]", words)) and not _PARENTHESIS.fullmatch(words):
        words = inner[1]
    if (lead := _LEAD.match(words)) and len(words) <= _LONGEST and _looks_like_credit(words[lead.end() :]):
        return _credit(line, 0, *_split(words[lead.end() :]), "lead")
    if (match := _PARENTHESIS.fullmatch(words)) or (caption and (match := _PARENTHESIS.search(words))):
        return _credit(line, match.start(), match["name"].strip(), _AGENCIES[match["source"].lower()], "parenthesis")
    links = line.links
    if len(links) == 1 and _source_of(links[0].url) == "Unsplash" and _whole(line, links[0].end - links[0].start):
        return _credit(line, 0, words.strip() or None, "Unsplash", "bare_badge")
    tail = _tail(words)
    if tail is not None and not BADGE.search(line.text):
        return _credit(line, tail, *_split(_LEAD.sub("", words[tail:], count=1)), "caption_tail")
    if caption and (match := _FROM.match(words)) and len(match["name"]) <= 60 and _looks_like_credit(words):
        return _credit(line, 0, match["name"].strip(), _AGENCIES[match["source"].lower()], "caption_agency")
    return None


def _whole(line: Line, length: int) -> bool:
    return length >= len(line.text.strip())


def _tail(words: str) -> int | None:
    """Where `Photograph: NAME/Agency` begins at the end of a caption sentence, None without one."""
    end = words[-_LONGEST:].lower()
    if not any(noun in end for noun in ("photo", "image", "picture", "illustration", "graphic", "credit", "pic ")):
        return None
    for lead in _LEAD.finditer(words, max(0, len(words) - _LONGEST)):
        before, after = words[: lead.start()].rstrip(), words[lead.end() :]
        if before.endswith((".", "!", "?", ")", "”", "|")) and len(after) <= 80 and _looks_like_credit(after):
            return lead.start()
    return None
