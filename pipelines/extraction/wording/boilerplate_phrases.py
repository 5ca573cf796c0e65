"""Boilerplate that stands as text among the editors' lines (site-atlas 2.9)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.closing_line import read_closing
from pipelines.extraction.wording.credit import read_credit
from pipelines.extraction.wording.resource_headings import read_resource_heading
from pipelines.extraction.wording.stray_codes import strip_stray_codes
from pipelines.extraction.wording.word_search import holds_any
from scraper.records import Problem

_DASHES = r"\s*(?:[-–—:!]+\s*)?"
_DAY = r"(?:(?:\w+ \d{1,2}(?:st|nd|rd|th)?,?|\d{1,2} \w+) \d{4}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4})"
_HOUSE = (
    r"(?:U\.?\s?S\.?\s?(?:RESIST|RENEW)(?:(?:\s+DEMOCRACY)?\s?NEWS|(?:\s+DEMOCRACY)?(?:\s+Weekly)?\s+Newsletter)"
    r"|Keeping Democracy Alive)"
)
_NETWORK_NAMES = (
    "Facebook|Twitter|X|LinkedIn|Pinterest|WhatsApp|Reddit|Telegram|Threads|Bluesky|Mastodon|Tumblr|E-?mail|Print"
    "|Pocket|Copy(?: Link)?|More"
)
_NETWORK = rf"(?:{_NETWORK_NAMES})(?![\w-])"
_NETWORKS = (
    rf"(?:social media|{_NETWORK}|Instagram|YouTube|TikTok)"
    rf"(?:[\s,/&|·•]+(?:and |or )?(?:{_NETWORK}|Instagram|YouTube|TikTok))*"
)
# What a call goes on with. Words behind a comma, or others than these, make a sentence of the editors of it.
_OFFER = (
    r"(?:,? (?=(?:to|for|and|at|now|today|here|below|with)\b)"
    r"(?=.*\b(?:here|now|today|below|inbox|e-?mails?|updates?|news"
    r"|briefs?|posts?|alerts?|stories|free|latest|daily|weekly|connected|informed|touch|events|more)\b)[^,;:.!?]{1,60})?"
)
_HANDLE = r"(?:[\s:(]+(?:at )?[@#/][\w./-]+\)?)?"
# The terms of a post: a sentence has more words in a row, begins with one of these, or ends as sentences do.
_TERM = r"[^\s,;:!?]+(?: [^\s,;:!?]+){0,4}"
_TERMS = (
    r"(?!.*(?-i:[a-z])\.(?:\s|$))(?!(?-i:the|an?|this|that|these|those|it|they|what|none|so)\b)"
    rf"{_TERM}(?:, ?(?!(?-i:and|or|but|so|who|which)\b){_TERM})*"
)
_POST = "(?:post|article|brief|story|page|content)"
_CONNECT = (
    r"(?:(?-i:GET CONNECTED\b(?! (?!SIGN|SUBSCRIBE|JOIN|WITH)[A-Z]{2})).*"
    r"|GET CONNECTED(?: ?[-–—:!]{1,5} ?(?:(?:sign|subscribe|join|follow)\b.*)?)?)"
)
# Lines that plugins print, for readers of a text alone have no names of classes.
_PRINTS = (
    r"Spread the love|Please follow and like us|(?:Click|Tap) to Tweet|Advertisements?"
    r"|Sponsored(?: (?:Content|Links?))?|Table of Contents|Rate this post(?:\s*:?\s*\([^()]{1,60}\))?"
    r"|\d(?:\.\d+)?\s?/\s?5\s?[-–—]\s?\(\d+ votes?\)"
    r"|\(?(?:\d+ votes?, )?average:? \d(?:\.\d+)? out of \d\)?"
    rf"|(?:This (?:post|page|article|entry) was )?Last (?:Updated|Modified|Edited)(?: on)?\s*(?::\s*)?{_DAY}"
    r"(?:,?(?: at)? \d{1,2}:\d\d(?: ?[ap]\.?m\.?)?)?(?: by .{1,40})?"
    r"|(?:Estimated )?Read(?:ing)? Time\s*(?::\s*)?(?:(?:<|about|under)\s*)?\d+\s*(?:-\s*\d+\s*)?min(?:ute)?s?"
    r"(?: read)?|\d+\s*min(?:ute)?s? read|(?:Post )?Views\s*(?::\s*)?[\d,.]*\d"
    r"|\(?Visited [\d,]+ times?, [\d,]+ visits? today\)?"
    rf"|(?:Tags?|Tagged(?: (?:with|as|under))?|Posted (?:in|under)|Filed (?:under|in)|Categor(?:y|ies))\s*:\s*"
    rf"{_TERMS}"
    rf"|(?:Tagged(?: with)?|Posted in|Filed under) (?!.*(?:\bby\b|[.!?]$)){_TERMS}"
    r"|This entry was posted (?:in|on) (?=.*(?:\d{4}|\btagged\b|\bpermalink\b|\bby\b|\w$)).{1,160}"
    rf"|Shar(?:e|ing)(?: (?:this|the))?(?: (?:post|article|brief|story|page|love))?(?: on| via)?\s*:?"
    rf"(?:[\s,|·•]*(?:and |& )?{_NETWORK})+"
    r"|Sharing is caring|Please share(?: this)?(?: (?:post|article|brief|story|page))?"
    rf"|(?:Did you |If you )?(?:like|liked|enjoy|enjoyed) (?:this(?: {_POST})?|what you read)\b\W+"
    rf"(?:(?:then|please|why not|consider|do)\s){{0,3}}shar(?:e|ing) (?:[^,;:.!?]{{1,60}}|(?:it |this )?on {_NETWORKS})"
    r"|(?:Listen to|Hear) (?:this|the) (?:post|article|brief|story|page)(?: read aloud)?"
    r"|(?:(?:Print|E-?mail|Save|Download|Bookmark)(?: this)? (?:Post|Page|Article|Brief|PDF)[\s|/·•&]*(?:and |or )?)"
    r"{1,4}"
    rf"|Discover more from {_HOUSE}|Subscribe to get the latest posts sent to your email"
    r"|Type your email…|Subscribe now to keep reading and get access to the full archive"
    r"|[\d,.]+ total views(?:, [\d,.]+ views today)?|Report this ad|Translate\s?»|Was this helpful\?(?: Yes)?(?: No)?"
    r"|Click (?:on a star )?to rate (?:it|this post)\W{0,3}(?:\[Total: \d+,? Average: [\d.]+\])?"
    rf"|Click to (?:share (?:this )?on {_NETWORK}|print|e-?mail (?:this|a link) to a friend)"
    r"(?: \(Opens in new window\))?"
    rf"|Spread the love(?:(?:{_NETWORK_NAMES}|Tweet|Share|Pin)\s?)+"
    r"|Support (?:independent|our|local|fearless) journalism\W+Donate(?: (?:now|today|here))?"
    r"|[«‹←]\s?(?:Previous|Older|Prev)(?: (?:Post|Article))?|(?:Next|Newer)(?: (?:Post|Article))?\s?[»›→]"
    rf"|(?:Copyright )?(?:©|\(c\)|Copyright)\s?\d{{4}}(?:[-–]\d{{4}})?,? {_HOUSE}(?:[.,]? All rights reserved)?"
)
_BOILERPLATE = re.compile(
    rf"(?:{_PRINTS}|Subscribe Below to Our News Service|Subscribe(?: (?:now|today|here))?"
    r"|Pin It on Pinterest"
    r"|Share This(?: Post| Article)?"
    r"|Share(?: on)?(?: (?:Facebook|Twitter|X|LinkedIn|Pinterest|Email))+"
    rf"|{_CONNECT}|Join the Resistance{_DASHES}(?:Your donation.*)?|Donate (?:now|today|here|below)"
    r"|(?-i:DONATE\b[^a-z]{0,60})|(?-i:DONATE) (?:to|and|here|now|today|below)\b[^,;:.?]{0,60}"
    r"|We welcome expressions,? support,? and collaboration from like-minded organizations"
    r"|US Renew News: Where Facts Make a Difference.*"
    r"|U\.?\s?S\.?\s?RESIST\s?NEWS(?:Keeping Democracy Alive|Making Democracy Great Again).*"
    r"|Keeping Democracy Alive|Making Democracy Great Again|(?:Keeping"
    r"|Making) Democracy [^:]{5,20}: A Mission We Take To Heart"
    r"|read more|Submit a Comment|Leave a (?:Comment|Reply)|\d+ Comments?|Related (?:Posts|Articles)"
    r"|(?:Latest|Recent|Related|Popular|Similar|Other|More|Featured|Trending)(?: [\w&]+){0,4}"
    r" (?:Posts|Articles|Stories)(?!\.)"
    rf"|Click here to (?:subscribe|donate)(?: (?:now|today|to (?:our|us|{_HOUSE}))[^,;:.!?]{{0,60}})?"
    rf"|Follow us on(?: {_NETWORKS}{_HANDLE}{_OFFER}|(?-i:(?: [A-Z]\w+){{1,3}}))?"
    rf"|Sign up for (?:our|the) (?:(?:free |weekly |daily |e-?mail ){{0,2}}newsletter|mailing list){_OFFER}"
    r"|(?:Article printed from [^:]{1,80}|URL to article)\s?:.{0,200}|Click here to print"
    r"|Skip to (?:main )?content|Email Address|Your email address will not be published\..*"
    r"|Screenshot \d{4} \d{2} \d{2} \d+ e\d+|[\w ]+ e1\d{12}|(?:Previous|Next) (?:Post|Article)|Search for:"
    r"|Pages?:(?:\s*\d{1,3})+|[«‹←]?\s*(?:Previous|Prev) page(?:[\s|·•]*Next page)?|Next page\s*[»›→]?)"
    r"[\s:!.…]*",
    re.IGNORECASE,
)
_SPONSORED = re.compile(
    r"(?:Advertisements?|Advertising|Ads?|Sponsored(?: by)?|Promoted|Paid (?:content|post))\W*", re.IGNORECASE
)
_CONTENTS = re.compile(
    r"(?:(?:Table of |Page |Article )?Contents|(?:On|In) this (?:page|post|article|brief)"
    r"|(?:Jump|Skip|Go) to(?: section)?|Quick (?:links|navigation)|Sections|Overview"
    r"|What[’']s (?:inside|in this \w+)|Inhalt(?:sverzeichnis)?|Sommaire|Table des matières|Índice|Indice)\W*",
    re.IGNORECASE,
)
# Words of menus and share bars that editors also write, as headings and in lists.
_MENU = re.compile(
    r"(?:Facebook|Twitter|Pinterest|LinkedIn|Tweet|Email|Print|Pin|Gmail|Share|Donate|Home|About|Contact Us|Search)"
    r"[\s:!.…]*",
    re.IGNORECASE,
)
# Whole paragraphs that ask readers to subscribe or give, whatever their words in between.
_APPEAL = re.compile(
    r"Stay in[- ]the[- ]know(?:\s+(?:with|on|about|by|and)\b(?=.*\b(?:our|news\w*|briefs?|updates?|subscrib\w+)\b)"
    r"[^,;:?]*|!.*|\W*)"
    rf"|.{{0,120}}\b(?:subscrib(?:e|ing)|donat(?:e|ing|ion)|contribut(?:e|ing|ion))"
    rf"(?: today)? to (?:the |our )?{_HOUSE}.{{0,240}}|.{{0,80}}\bsupport from readers like you\b.{{0,160}}"
    rf"|Keep up with {_HOUSE} by following us on {_NETWORKS}\W*"
    r"|To support our work,? (?:please )?donate (?:at|on|here:?)\s\S+"
    r"|Check out \S+\.org\S* for more (?:news|briefs|articles|posts) (?:from|by) this (?:reporter|author|writer)\W*",
    re.IGNORECASE,
)
_APPEALING = (
    "ubscrib",
    "onat",
    "ontribut",
    "readers like you",
    "the-know",
    "the know",
    "ollowing us",
    "heck out ",
)  # one is in each of them
_APPEAL_HEADING = re.compile(
    r"(?:Please |Will You |Can You )?(?:Support|Donat|Giv|Help|Subscrib|Sign[- ]?up|Join|Stay|Keep|Becom|Make an?"
    r"|Contribut|Fund|Newsletter|Get (?:Connected|Our|The|Updates)|Sustain|Chip In|Never Miss|Don[’']t Miss|Follow"
    r"|Like What)[^.:]{0,60}$",
    re.IGNORECASE,
)
_OWN_APPEAL = re.compile(r"us(?:resist|renew)news\.org/(?:donat|subscri|newsletter)", re.IGNORECASE)
_SENTENCE = 6  # words
_PROSE = 120  # characters; boilerplate is shorter
# These end the article on pages that came as bare text: what follows them is no part of the brief.
_ENDS = re.compile(
    rf"(?:Subscribe Below to Our News Service|Pin It on Pinterest|Share This|{_CONNECT}"
    r"|Join the Resistance(?:\s*[-–—:!].*)?"
    r"|Leave a (?:Comment|Reply)|Submit a Comment|Related (?:Posts|Articles)|\d+ Comments?)[\s:!]*",
    re.IGNORECASE,
)
# Headings that no text of the editors has; others of these words may head their paragraphs.
_NO_HEADINGS = re.compile(
    rf"[\W_]*(?:$|\d|Advertisement\W*$|Submit|Pin It|Spread|Join the Resistance|Get connected"
    r"|Subscribe (?:below|now|to)|Discover|Type your|Skip|Your e|E-?mail|Click|Article printed|URL|Search"
    rf"|Donate|Follow us|{_HOUSE}|Making).*",
    re.IGNORECASE,
)
_PRINTED_LINKS = "URLs in this post:"  # WP-Print's list, below the article
_RULE = re.compile(r"(?:[_\-–—=*~·•.#]\s?){3,}|[-–—]\s?30\s?[-–—]")  # `-30-` ends a text in newspapers


def is_boilerplate_phrase(line: str) -> bool:
    """Whether the whole line is boilerplate: share and sign-up words, rules of underscores."""
    return _is_short_phrase(line) or (len(line) < 500 and _may_appeal(line) and bool(_APPEAL.fullmatch(line)))


def _may_appeal(text: str) -> bool:
    """A cheap look before the careful one."""
    return holds_any(text, _APPEALING)


def _is_short_phrase(line: str) -> bool:
    return len(line) < 200 and _is_phrase(line)


@lru_cache(maxsize=1024)  # the headings of briefs recur
def _is_phrase(line: str) -> bool:
    return bool(_BOILERPLATE.fullmatch(line) or _RULE.fullmatch(line))


def split_boilerplate(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Split the editors' lines from the sentences behind the boilerplate, with no prose below, that ends the text."""
    content: list[Line] = []
    lines = _drop_contents(strip_stray_codes(lines))
    menu = {index for index, line in enumerate(lines) if _MENU.fullmatch(line.text)}
    menu -= _find_indexes_amid_text(lines) if menu else set()
    may_appeal = _may_appeal("\n".join([line.text for line in lines]))
    is_phrase = is_boilerplate_phrase if may_appeal else _is_short_phrase
    end = None
    for index, line in enumerate(lines):
        if content and line.text == _PRINTED_LINKS:
            return content, []
        if content and _ENDS.fullmatch(line.text):
            written = (at for at, other in reversed([*enumerate(lines)]) if _is_written(other))
            end = next(written, -1) if end is None else end
            if end < index:
                return content, [behind for behind in lines[index:] if is_sentence(behind.text)]
        is_appeal = bool(line.spans and line.links) and (_is_appeal(line) or _is_sponsored(line))
        is_written = not is_phrase(line.text) or _heads_prose(line, lines[index + 1 : index + 2])
        if index not in menu and is_written and not is_appeal:
            content.append(line)
        elif content and content[-1] is lines[index - 1] and _heads_appeal(content[-1], lines[index + 1 : index + 2]):
            content.pop()
    return content, []


def doubt_cut(cut: list[Line]) -> Iterator[Problem]:
    """Yield a problem where sentences were left out behind the end of the article."""
    if cut:
        message = f"{cut[0].text[:80]!r} (of {len(cut)} such) stands behind the end of the article, and is left out."
        yield Problem("body", "doubtful", message)


def doubt_headings(lines: list[Line]) -> Iterator[Problem]:
    """Yield a problem for each heading of the text in words of boilerplate."""
    for line in lines:
        if (line.kind == "h" or line.is_bold) and _is_short_phrase(line.text):
            yield Problem("body", "doubtful", f"{line.text[:80]!r} may be boilerplate, and stays as a heading.")


def _heads_prose(line: Line, following: list[Line]) -> bool:
    """Whether words of boilerplate head a paragraph that is neither: `Subscribe` in a brief on the press."""
    if line.kind != "h" and not line.is_bold:
        return False
    is_prose = [below.kind == "p" and len(below.text) > _PROSE and not below.links for below in following]
    return any(is_prose) and not _NO_HEADINGS.fullmatch(line.text) and not is_boilerplate_phrase(following[0].text)


def is_sentence(text: str) -> bool:
    """Whether the line is a sentence that no plugin prints."""
    return len(text.split()) >= _SENTENCE and text.endswith((".", "!", "?", ".”")) and not is_boilerplate_phrase(text)


def _heads_appeal(line: Line, following: list[Line]) -> bool:
    """Whether the line is the heading of an appeal that was dropped, and of nothing that follows."""
    is_heading = line.kind == "h" or line.is_bold
    is_over = all(below.kind == "h" or below.is_bold or is_boilerplate_phrase(below.text) for below in following)
    return is_heading and is_over and bool(_APPEAL_HEADING.match(line.text))


def _drop_contents(lines: list[Line]) -> list[Line]:
    """Drop a table of contents: links within the page to headings that follow, and the words above them."""
    entries = [index for index, line in enumerate(lines) if line.spans and _leads_down(line)]
    if not entries:
        return lines
    texts = [line.text.casefold() for line in lines]
    dropped = {index for index in entries if texts[index] in texts[entries[-1] + 1 :]}
    above = min(dropped, default=0) - 1
    if above >= 0 and _CONTENTS.fullmatch(lines[above].text):
        dropped.add(above)
    return [line for index, line in enumerate(lines) if index not in dropped]


def _leads_down(line: Line) -> bool:
    links = line.links
    whole = len(links) == 1 and links[0].end - links[0].start >= len(line.text)
    return whole and "#" in (links[0].url or "")


def _is_appeal(line: Line) -> bool:
    """Whether a short line's first link leads to the site's own page for gifts or subscriptions."""
    return len(line.text) < 200 and bool(_OWN_APPEAL.search(line.links[0].url or ""))


def _is_sponsored(line: Line) -> bool:
    """Whether a line with links is nothing but these, behind a word that says who pays for them."""
    links = line.links
    return links[-1].end >= len(line.text) and bool(_SPONSORED.fullmatch(line.text[: links[0].start]))


def _find_indexes_amid_text(lines: list[Line]) -> frozenset[int]:
    """Find the headings and list items that stand between paragraphs, or in the list of resources."""
    prose = [index for index, line in enumerate(lines) if len(line.text) > _PROSE] or [len(lines)]
    list_start = next((index for index, line in enumerate(lines) if read_resource_heading(line)), len(lines))
    return frozenset(
        index
        for index, line in enumerate(lines)
        if (prose[0] < index < prose[-1] and (line.kind in ("h", "li") or line.is_bold))
        or (prose[0] < index and line.kind == "li" and not line.links)
        or (index > list_start and line.kind == "li" and line.links)
    )


def _is_written(line: Line) -> bool:
    """Whether a line below ending boilerplate is the editors' after all, so that the article goes on."""
    if is_boilerplate_phrase(line.text) or _MENU.fullmatch(line.text):
        return False
    return len(line.text) > _PROSE or bool(read_closing(line) or read_credit(line) or read_resource_heading(line))
