"""The parts of a credit: who took the picture and who lends it (site-atlas 2.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipelines.extraction.wording.byline import is_name
from scraper.address import host_of

_AGENCIES = {
    "unsplash": "Unsplash", "vecteezy": "Vecteezy", "getty images": "Getty Images", "getty": "Getty Images",
    "pexels": "Pexels", "pixabay": "Pixabay", "reuters": "Reuters", "associated press": "Associated Press",
    "getty image": "Getty Images",
    "ap photo": "AP", "ap": "AP", "afp": "AFP", "shutterstock": "Shutterstock", "flickr": "Flickr",
    "wikimedia commons": "Wikimedia Commons", "wikimedia": "Wikimedia Commons", "wikipedia": "Wikipedia",
    "istock": "iStock", "istockphoto": "iStock", "adobe stock": "Adobe Stock", "bloomberg": "Bloomberg",
    "creative commons": "Creative Commons", "freepik": "Freepik", "dreamstime": "Dreamstime", "alamy": "Alamy",
    "depositphotos": "Depositphotos", "canva": "Canva", "epa": "EPA", "anadolu": "Anadolu", "pixnio": "Pixnio",
    "epa-efe": "EPA", "nurphoto": "NurPhoto", "sipa usa": "Sipa USA", "zuma press": "ZUMA Press", "upi": "UPI",
    "xinhua": "Xinhua", "magnum photos": "Magnum Photos", "polaris images": "Polaris Images",
    "dpa": "dpa", "efe": "EFE", "ansa": "ANSA",
}  # fmt: skip
_LAST_WORDS = tuple({name.rpartition(" ")[2] for name in _AGENCIES})
_LAST_LETTERS = frozenset(word[-2:] for word in _LAST_WORDS)
_HOSTS = {
    "unsplash.com": "Unsplash", "vecteezy.com": "Vecteezy", "gettyimages.com": "Getty Images", "pexels.com": "Pexels",
    "pixabay.com": "Pixabay", "shutterstock.com": "Shutterstock", "flickr.com": "Flickr",
    "commons.wikimedia.org": "Wikimedia Commons", "istockphoto.com": "iStock", "stock.adobe.com": "Adobe Stock",
    "reuters.com": "Reuters", "apnews.com": "AP", "freepik.com": "Freepik",
}  # fmt: skip
# `NAME on Flickr` is a credit; `NAME on Reuters` may be about the news.
_STOCK = frozenset(("Unsplash", "Vecteezy", "Pexels", "Pixabay", "Flickr", "Freepik", "Wikimedia Commons", "Pixnio"))
AGENCY = "|".join(sorted(map(re.escape, _AGENCIES), key=len, reverse=True))
_LAST = re.compile(
    rf"^(?P<name>.*?)(?<!\s)(?P<mark>\s+(?:on|from|via|by|at|courtesy\s+of|sur|en|auf|su|em|op)\s+|\s*[/|,(]\s*"
    rf"|\s+[–—-]\s+|(?<=[a-z])\.\s+)(?P<source>{AGENCY})\b(?:\.com)?[\s.)]*$",
    re.IGNORECASE,
)
_FIRST = re.compile(rf"^(?P<source>{AGENCY})\s*(?:[/|]|\s(?:[–—-]|by)\s)\s*(?P<name>[^/|]+)$", re.IGNORECASE)
_CAPITAL = r"(?:[A-Z]\.|[A-Z][\w’'-]+|(?:Jr|Sr|St|Sgt|Cpl|Lt)\.)"  # another full stop ends a sentence
_PERSON = rf"{_CAPITAL}(?:\s{_CAPITAL}){{1,3}}"
# What captions end in, `AFP/Getty Image`; a name in front is sure only behind a mark.
_TAIL = re.compile(
    rf"(?P<mark>^|[.!?”\")|–—-]\s+|\s?\(|\s)(?P<pair>(?:(?P<name>{_PERSON})\s*/\s*)?"
    rf"(?i:(?:(?:{AGENCY})\s*/\s*){{0,4}}(?:{AGENCY})))[.)]*$"
)
_END = re.compile(
    rf"(?:[.!?”\")(]\s*|/\s*|(?-i:^(?:{_CAPITAL}\s){{1,3}}{_CAPITAL}(?:,|\svia|\sfor)\s))(?:{AGENCY})[.)]*$",
    re.IGNORECASE,
)
_LONGEST_TAIL = 120  # characters
_MOST_WORDS = 5  # of a name; what has more goes on with a sentence
_LONGEST_NAME = 40  # characters of an agency
_MADE = re.compile(r"^(?:Collage|Illustration|Graphic|Cartoon|Artwork|Drawing|Painting|Map)\s+by\s+", re.IGNORECASE)
_FRONT = re.compile(
    r"^(?:by\s+|(?:taken|sourced|retrieved|obtained|downloaded)\s+from\s+|courtesy\s+of\s+|[–—|-]\s*"
    r"|(?:19|20)\d\d\s+)",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"(?<![\s–—-])(?:,\s*|\s*[–—-]\s*)(?:File|Pool)(?:\s+(?:[Pp]hoto|[Ii]mage))?$"
)  # `AP Photo/NAME, File`
_YEAR = re.compile(r",\s*(?:19|20)\d{2}$")
_ONLY = re.compile(rf"(?P<source>{AGENCY})", re.IGNORECASE)
_LICENCE = re.compile(
    r"(?<![\s,|/(–-])(?:[\s,|/(–-]+)(?:(?:is |are )?licensed under|under (?:a )?(?:CC|Creative)|CC[ -](?:BY|0)"
    r"|public domain|own work).*$|[.,;]\s*(?:used )?(?:with|by) (?:kind )?permission\b.*$"
    r"|[.,;]\s*all rights reserved.*$",
    re.IGNORECASE,
)
_LENDER = re.compile(rf"(?:\b(?:via|on|from)\s|[,/|–—-])\s*(?P<source>{AGENCY})\W*$", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu)(?:/\S*)?", re.IGNORECASE)
_FOR = re.compile(r"(?P<name>.+?) for (?P<source>(?:The )?[A-Z].*)")
_RANK = re.compile(
    r"^(?:(?:Staff|Senior|Tech|Master|Chief|Petty|Lance|Mass|Communication|Specialist|Officer|(?:1st|2nd|3rd) Class)"
    r"\s+)*"
    r"(?:Sgt|Cpl|Pfc|Pvt|Spc|Capt|Lt|Maj|Col|Gen|Airman|Specialist|Seaman|Sergeant|Captain|Corporal)\.?\s+"
)
# Where another credit may begin: behind the name of an agency.
JOINT = re.compile(
    rf"\b(?:{AGENCY})(?P<joint>(?:(?<!\s)\s+(?:and|&)|\s?[;,|](?:\s+(?:and|&))?)\s+)(?=\w)", re.IGNORECASE
)
_AND = re.compile(r"\s(?:and|&)\s|,\s")
_WORKS = frozenset("poll polls survey surveys study index report analysis data partnership news".split())
_HANDLE = re.compile(r"@?(?=[\w.-]*[\d_])[\w.-]+|@[\w.-]+")


@dataclass(frozen=True, slots=True)
class CreditParts:
    """Photographer or stock page, and agency; `sure` where the words cannot mean anything else."""

    name: str | None
    source: str | None
    sure: bool


def find_source(url: str | None) -> str | None:
    """Find the agency that an address belongs to."""
    host = host_of(url if not url or "://" in url else f"http://{url}") if url else ""
    return next(
        (name for known_host, name in _HOSTS.items() if host == known_host or host.endswith("." + known_host)), None
    )


def find_agency(words: str) -> str | None:
    """Find the agency that the words name."""
    return _AGENCIES.get(words.strip(" .").lower())


def ends_in_agency(text: str) -> bool:
    """Whether the text ends in an agency behind a sentence or a slash: `… of the pier. Reuters`."""
    return ends_in_last_word(text) and bool(_END.search(text))


def read_tail(text: str, *, is_caption: bool) -> tuple[int, CreditParts] | None:
    """Read the agencies that a text ends in, and where they begin; None where they may be words of a sentence.

    In a caption one agency will do; elsewhere there must be two, or a name and one.
    """
    if not ends_in_last_word(text):
        return None  # a cheap look before the expensive one
    match = _TAIL.search(text, max(0, len(text) - _LONGEST_TAIL))
    if not match:
        return None
    amid_words = match["mark"].isspace()
    *front, agency = [piece.strip() for piece in match["pair"].split("/")]
    if (amid_words and (match["name"] or (text.endswith(".") and not is_caption))) or (
        not front and (amid_words or not is_caption)
    ):
        return None
    parts = CreditParts(front[0] if front else None, _AGENCIES[agency.lower()], sure=True)
    return match.start("pair") - match["mark"].endswith("("), parts


def ends_in_last_word(text: str) -> bool:
    """Whether the text ends in the last word of an agency's name: a cheap look."""
    end = text.rstrip(".) ")[-_LONGEST_NAME:]
    return end[-2:].lower() in _LAST_LETTERS and end.lower().endswith(_LAST_WORDS)


def _ends_in_agency_name(words: str) -> bool:
    """A cheap look before the expensive one: `NAME/Reuters.`, `NAME on Pexels.com`."""
    end = words.rstrip().rstrip(" .)")
    return ends_in_last_word(end[:-4] if end[-4:].lower() == ".com" else end)


def may_hold_pair(words: str) -> bool:
    """Whether `read_pair` may find a pair in the words or in a parenthesis around them: a cheap look."""
    return "/" in words or words.endswith(")") or ends_in_last_word(words) or "stock " in words.lower()


def is_address(words: str) -> bool:
    """Whether the words are an address and nothing else."""
    return bool(_ADDRESS.fullmatch(words))


def split_address_behind(words: str) -> tuple[str, str | None]:
    """Split off the address that Pexels and others put behind the name: `NAME: https://www.pexels.com/photo/…`."""
    front, _, last = words.rpartition(" ")
    address = last.strip("()<>[].,")
    if not front or not is_address(address):
        return words, None
    return re.sub(r"\b(?:on|from|via|at|by|see)$", "", _strip_marks(front)).rstrip(), address


def _strip_marks(words: str) -> str:
    return words.rstrip().removesuffix("(").rstrip(" :–—,|-")


def read_credit_parts(words: str) -> CreditParts:
    """Read what follows `Photo by`, without the licence, behind which a lender may stand."""
    licence = _LICENCE.search(words.strip())
    parts = _read_unlicensed(words.strip()[: licence.start()].strip() if licence else words.strip())
    lender = _LENDER.search(licence[0]) if licence and parts.source is None else None
    return replace(parts, source=_AGENCIES[lender["source"].lower()], sure=True) if lender else parts


def _read_unlicensed(words: str) -> CreditParts:
    words = _YEAR.sub("", _MADE.sub("", _FRONT.sub("", words)))
    if not re.search(r"\b(?:[A-Z]|Jr|Sr)\.$", words):  # initials keep their full stop
        words = words.rstrip(".").strip()
    if match := _LAST.match(words):
        name, mark, _ = match["name"].partition("/")  # `NAME/NurPhoto via Getty Images`
        name = name if mark and all(map(_is_whole_name, _AND.split(name))) else match["name"]
        return CreditParts(_FILE.sub("", name).strip(" ,") or None, _AGENCIES[match["source"].lower()], sure=True)
    if match := _ONLY.fullmatch(words) or _FIRST.match(words):
        who = (match.groupdict().get("name") or "").strip()
        return CreditParts(who or None, _AGENCIES[match["source"].lower()], sure=len(who.split()) <= _MOST_WORDS)
    if is_address(words):
        source = find_source(words)
        return CreditParts(None if source else words, source, sure=True)
    for name, agency in (words.partition("/")[::2], _split_at_for(words)):
        if agency and is_name(name.strip()) and len(agency.split()) <= 4 and "/" not in agency:
            return CreditParts(name.strip(), agency.strip() or None, sure=True)
    sure = bool(_HANDLE.fullmatch(words)) or is_name(_RANK.sub("", words))
    return CreditParts(words.strip(" ,") or None, None, sure=sure)


def read_pair(words: str) -> CreditParts | None:
    """Read `NAME/Agency`, `NAME on Unsplash` or `AP Photo/NAME` without `Photo by` in front; None for other words."""
    words = _FILE.sub("", words)
    first, last = _FIRST.match(words), _LAST.match(words) if _ends_in_agency_name(words) else None
    if first and "/" in words and (agency := _AGENCIES.get(first["name"].strip().lower())):
        return CreditParts(first["source"], agency, sure=True)
    if first and "/" in words and _is_whole_name(first["name"]):
        return CreditParts(first["name"].strip(), _AGENCIES[first["source"].lower()], sure=True)
    if last and _is_whole_name(name := last["name"].rstrip(",")):
        source, mark = _AGENCIES[last["source"].lower()], last["mark"].strip().lower()
        if mark in ("/", "|") or (mark in ("on", "via") and source in _STOCK):
            return CreditParts(name.strip(), source, sure=True)
    stock = re.fullmatch(
        r"(?P<name>[\w ]+ Stock (?:photos?|images?|vectors?)) by (?P<source>\w+)", words, re.IGNORECASE
    )
    if stock and stock["source"].lower() in _AGENCIES:
        return CreditParts(stock["name"], _AGENCIES[stock["source"].lower()], sure=True)
    return None


def _is_whole_name(words: str) -> bool:
    last = words.rpartition(" ")[2].lower()  # `Reuters/Ipsos Poll` is no picture
    return len(words.split()) > 1 and last not in _WORKS and is_name(words.strip())


def _split_at_for(words: str) -> tuple[str, str]:
    match = _FOR.fullmatch(words)
    return (match["name"], match["source"]) if match else ("", "")
