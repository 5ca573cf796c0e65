"""Lines that themes print amid the text, told by their words and links where nothing is known of the markup."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.beside_byline import read_line_beside
from pipelines.extraction.wording.byline import is_name, read_byline
from pipelines.extraction.wording.credit import may_be_credit, read_credit
from pipelines.extraction.wording.dateline import read_dateline
from pipelines.extraction.wording.head_lines import split_parts
from pipelines.extraction.wording.kicker import is_kicker
from pipelines.extraction.wording.label import may_be_label, read_closing_label, read_label
from pipelines.extraction.wording.resource_headings import is_call_to_action, read_resource_heading
from pipelines.extraction.wording.sections import read_heading
from scraper.address import host_of

_PROSE = 60  # characters
_LONG = 120  # characters of a paragraph that no teaser is as long as
_END = re.compile(r"[.!?…:;,][”\"’')\]]*$")
_STOP = re.compile(r"(?<!\.\.)[.!?][”\"’')\]]*$")
_PHRASE = 3  # words
_HEAD = 12  # lines of labels above a text
_CAPTION = 250  # characters
_CREDIT = re.compile(
    r"[(\[](?:photo(?:graph)?|image|picture|pic|credit)s?(?: credit)?\s*(?::|by\b)[^()\[\]]{2,60}[)\]]\W*$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"\s\S{1,40}[.!?…][”\"’']?$")
_THINGS = r"(?:stories|story|articles?|posts?|news|videos?|content|reading|topics?|coverage|links?|items?)"
_NETWORK = (
    r"(?:Facebook|Twitter|X|LinkedIn|WhatsApp|Reddit|Pinterest|Flipboard|Pocket|Threads|Telegram|E-?mail|Print|Bluesky"
    r"|Messenger|SMS|Copy(?: link)?|Link copied|Link|Save|Share|Comments?)"
)
# A sentence that begins like an appeal is one if it offers what themes offer.
_OFFER = (
    r"(?=[^.!?]*$"
    r"|.*\b(?:our|your|newsletters?|inbox|e-?mails?|alerts?|updates?|notifications?|channel|podcasts?|here)\b)"
)
_LABEL = re.compile(
    rf"(?:{_NETWORK}(?:\W+{_NETWORK})*|Advert(?:isement)?s?(?:\W+Scroll to continue)?"
    r"|Advertising|Ad|Sponsored|Close|(?:Hide |Toggle )?caption"
    r"|Enlarge(?: this image)?|Back to (?:gallery|video|top)|Click to (?:copy|share|enlarge|play)|(?:Watch|Listen) now"
    r"|Play(?: video)?|Loading|Up next|Newer|Older|Next|Previous|Print this article|Report (?:an )?error"
    r"|Log ?in|Sign ?(?:in|up)|Follow(?: us| me)?|Join the conversation|Skip (?:to|past|advert).{0,30}"
    r"|Scroll to continue.{0,60}|(?:Story|Article) continues.{0,60}|(?:Article|Page) content|Image|Photo|Video|Gallery"
    r"|This advertisement has not loaded.{0,60}|After newsletter promotion|Free \w+ newsletter"
    r"|Published .{4,30} • .{0,80}|Last updated .{0,40}\bago"
    r"|Media|View (?:all|more|gallery|on \w+).{0,20}|\d+ of \d+\W*|\d+ ?(?:minutes?|mins?|m)(?: read)?"
    r"|\d+ (?:comments?|shares?|views?)|Listen to (?:this )?(?:article|story).{0,20}|Text size|Author of the article"
    r"|(?:Most|Recommended|Popular|Trending|Top|More)(?: \w+)? (?:read|viewed|popular|stories|videos|articles|news"
    r"|posts)|Trending(?: now)?|Don[’']t miss"
    rf"|(?:Sign up (?:for|to)|Subscribe(?: to)?|Get the latest)(?: {_OFFER}.{{1,100}})?"
    rf"|Follow .{{1,60}} on (?:{_NETWORK}|Instagram|YouTube|TikTok|@\w+)\b.{{0,60}}"
    r"|Read (?:the )?full (?:story|article).{0,40}|Tags?|Topics?|Filed under|Categories"
    r"|(?-i:CLICK HERE) .{1,80}"
    r"|Copyright (?=.*(?:©|\(c\)|\b(?:19|20)\d\d\b|reserved)).{1,160}|©.{1,200}|All rights reserved.{0,80})[\s:.…!]*",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"(?:Read(?: more| also| next| on)?|See also|Also read|Related|Watch(?: more)?"
    r"|More(?: (?:on|from|about|in)\b.{0,40})?"
    r"|Don[’']t miss|Recommended|Must read|Up next)\s*[:|>»–—-].{0,200}",
    re.IGNORECASE,
)
_TAIL = re.compile(
    rf"(?:Related(?: {_THINGS})?|More (?:from|on|in|about)\b.{{0,50}}|More {_THINGS}"
    r"|(?:Read|Keep|Continue|Further) (?:more|next|reading|this)|Recommended(?: .{0,30})?"
    r"|You (?:may|might) (?:also )?(?:like|be interested in).{0,20}"
    rf"|(?:Latest|Recent|Popular|Top|Trending|Featured|Other) (?:\w+ )?{_THINGS}"
    r"|Most (?:read|popular|viewed|recent)(?: .{0,20})?|About the authors?|Comments|Leave a (?:comment|reply)"
    r"|Join the (?:conversation|discussion)|Topics|Tags|Share this .{0,20}|Read more(?: .{0,40})?|Also on .{0,40}"
    r"|What to read next|Editors?[’'] picks?|Our picks|Disclaimer|Latest (?:from|in) .{0,30})[\s:.…]*",
    re.IGNORECASE,
)
_BY = re.compile(r"\bby\b", re.IGNORECASE)
_PRESENTS = re.compile(
    r"\W{0,3}(?:is|was|has|covers|writes|can be|joined|reports|works|contributed|lives)\b", re.IGNORECASE
)


def drop_furniture(lines: list[Line], names: Collection[str], hosts: Collection[str]) -> tuple[list[Line], list[Line]]:
    """Drop what the theme printed above the list of resources.

    `names` are the accounts, whose cards are no text, and `hosts` the page's own, to whose posts themes link. The
    second list has those of the dropped lines that may be text all the same.
    """
    end = next(
        (i for i, line in enumerate(lines) if read_resource_heading(line) or is_call_to_action(line)), len(lines)
    )
    plain = Counter(line.text for line in lines[:end] if line.kind == "p" and not line.is_bold)
    repeated = {
        text
        for text, times in plain.items()
        if times > 1 and len(text.split()) < 4 and not _END.search(text) and not _names_brief(text)
    }
    text = list(_drop_teasers([line for line in lines[:end] if line.text not in repeated], names, hosts))
    start = next((i for i, line in enumerate(text) if _is_prose(line)), 0)
    if start <= _HEAD:  # more lines above the first paragraph are a list or a table
        text = [line for line in text[:start] if _belongs_to_head(line)] + text[start:]
    kept = text + lines[end:]
    texts = {line.text for line in kept}
    return kept, [line for line in lines[:end] if line.text not in texts and _may_be_text(line, hosts)]


def _may_be_text(line: Line, hosts: Collection[str]) -> bool:
    """Whether a line has a sentence, or words that nobody knows as a theme's, and is no link to the page's site."""
    if _is_link(line) and not _leads_out(line, hosts):
        return False
    is_known = _LABEL.fullmatch(line.text) or _POINTER.fullmatch(line.text)
    return _is_sentence(line.text) or (len(line.text.split()) >= _PHRASE and not is_known)


def _leads_out(line: Line, hosts: Collection[str]) -> bool:
    return all(link.url and host_of(link.url) not in hosts for link in line.links)


def _is_sentence(text: str) -> bool:
    return len(text.split()) > _PHRASE and bool(_STOP.search(text))


def _is_prose(line: Line) -> bool:
    return len(line.text) >= _PROSE and bool(_END.search(line.text)) and not _is_link(line)


def _is_link(line: Line) -> bool:
    """Whether four fifths of the line are links."""
    return sum(link.end - link.start for link in line.links) >= 0.8 * len(line.text)


def _belongs_to_head(line: Line) -> bool:
    """Whether a line above the first paragraph is more than a label of the theme."""
    if line.kind in ("h", "li", "caption") or len(line.text) >= _PROSE or _SENTENCE.search(line.text):
        return True
    if read_heading(line) or read_credit(line) or may_be_credit(line.text) or is_kicker(line.text):
        return True
    if _BY.search(line.text) or is_name(line.text) or may_be_label(line.text):
        return True  # what may say who wrote which brief is told, where it is not read
    return bool(read_line_beside(line, below_byline=True)) or _names_brief(line.text)


def _names_brief(text: str) -> bool:
    """Whether a line says which brief it is, by whom or of which day."""
    return bool(read_closing_label(text)) or any(
        read_label(part) or read_byline(part) or read_dateline(part) for part in split_parts(text)
    )


def _drop_teasers(lines: list[Line], names: Collection[str], hosts: Collection[str]) -> Iterator[Line]:
    """Drop labels, links to other posts, and below a heading of such links all that is no long paragraph."""
    whole = sum(len(line.text) for line in lines if _is_prose(line))
    read = 0
    in_tail = False
    for line in lines:
        is_prose = _is_prose(line)
        heads_tail = _TAIL.fullmatch(line.text) and not _is_sentence(line.text)
        in_tail = bool(heads_tail) or (in_tail and not (is_prose and len(line.text) > _LONG))
        is_over = in_tail and (read > 0.5 * whole or not is_prose)
        if not is_over and not _is_furniture(line, names, hosts) and not (read and _is_stamp(line)):
            read += len(line.text) if is_prose else 0
            is_caption = line.kind == "p" and len(line.text) < _CAPTION and _CREDIT.search(line.text)
            yield replace(line, kind="caption") if is_caption else line


def _is_furniture(line: Line, names: Collection[str], hosts: Collection[str]) -> bool:
    is_label = _LABEL.fullmatch(line.text) and line.kind != "h" and not line.is_bold
    is_pointer = _POINTER.fullmatch(line.text) and (line.links or not _is_sentence(line.text))
    if is_label or is_pointer or _presents_account(line.text, names):
        return True
    if not _is_link(line) or read_closing_label(line.text):  # digests name other briefs by title and label
        return False
    return line.kind not in ("li", "h") or not _leads_out(line, hosts)


def _is_stamp(line: Line) -> bool:
    """Whether a line amid the text is only the date of some other post."""
    return line.kind == "p" and not line.is_bold and bool(read_dateline(line.text))


def _presents_account(text: str, names: Collection[str]) -> bool:
    """Whether the line is an account's name, or says who that is."""
    low = text.casefold()
    return any(
        low == name.casefold() or (low.startswith(name.casefold()) and _PRESENTS.match(text[len(name) :]))
        for name in names
    )
