"""Where writers are and how to reach them, as a byline says it behind their names."""

from __future__ import annotations

import re

_STATES = (
    "Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Hawaii Idaho "
    "Illinois Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi "
    "Missouri Montana Nebraska Nevada Ohio Oklahoma Oregon Pennsylvania Tennessee Texas Utah Vermont Virginia "
    "Washington Wisconsin Wyoming AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT "
    "NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC"
)
STATE = (
    rf"(?:{'|'.join(_STATES.split())}|New (?:Hampshire|Jersey|Mexico|York)|(?:North|South) (?:Carolina|Dakota)"
    r"|Rhode Island|West Virginia|D\.C\.|U\.?S\.?A?\.?|Puerto Rico|Canada|Mexico|England|UK)"
)
_WORDS = r"[A-Z][\w.’'-]*(?:[ -][A-Z][\w.’'-]*){0,3}"
_SCHOOL = (
    rf"(?:(?:the )?University of {_WORDS}|{_WORDS} (?:University|College|Institute|School|Academy)(?: of {_WORDS})?)"
)
_STATE_IN_FULL = rf"(?!(?:[A-Z]{{2}})(?:,|$)){STATE}"  # `MA` and `MD` are degrees too
_PLACE = re.compile(rf",\s*(?:{_SCHOOL}(?:,\s*{_WORDS})?(?:,\s*{_STATE_IN_FULL})?|{_WORDS},\s*{_STATE_IN_FULL})$")
MAILBOX = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MAILBOX_BEHIND = re.compile(rf"(?<![\s,;:|–—-])[\s,;:|–—-]*[(\[<]?(?P<mailbox>{MAILBOX.pattern})[)\]>]?$")


def split_whereabouts(names: str) -> tuple[str, str | None, str | None]:
    """Split names from the place or school and the address of the mailbox behind them."""
    mailbox = _MAILBOX_BEHIND.search(names) if "@" in names else None
    names = names[: mailbox.start()] if mailbox else names
    place = _PLACE.search(names) if "," in names else None
    names = names[: place.start()] if place else names
    return names, place[0].strip(", ") if place else None, f"mailto:{mailbox['mailbox']}" if mailbox else None


def find_address(text: str, start: int) -> str | None:
    """Find the mailbox that is written out behind `start`."""
    address = MAILBOX.search(text, start)
    return f"mailto:{address[0]}" if address else None
