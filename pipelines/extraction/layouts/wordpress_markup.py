"""What WordPress makes of the text that editors typed: shortcodes, paragraphs, typographic quotes and dashes."""

from __future__ import annotations

import re
from collections import Counter
from html import escape, unescape

_TOKEN = re.compile(r"(<!--.*?-->|<[a-zA-Z/!?][^>]*>)", re.DOTALL)
_TAG = re.compile(r"</?([a-zA-Z][\w-]*)")
_VERBATIM = frozenset(("pre", "code", "kbd", "samp", "tt", "script", "style", "textarea"))
_BLOCKS = "<!-- wp:"  # the block editor has written paragraphs itself
_PARAGRAPH = re.compile(r"[ \t\r]*\n[ \t\r]*\n\s*")
_LINE_END = re.compile(r"[ \t\r]*\n[ \t\r]*")

_SHORTCODE = re.compile(r"\[(/?)([a-zA-Z][\w-]*)((?:\s[^\[\]]*)?)\]")
_DIVI = re.compile(r"et_(?:pb|bloom|social)_\w+")
_GIVES_TITLE = frozenset(f"et_pb_{name}" for name in "blurb toggle accordion_item heading slide tab".split())
_TITLE = re.compile(r"(?<![\w-])(?:title|heading)=[\"“”″]([^\"“”″]+)[\"“”″]")
_HIDDEN = re.compile(r"\bdisabled(?:_on)?=\"(?:on\|on\|on|on)\"")
_CAPTION = re.compile(
    r"\[(?:wp_)?caption[^\]]*\]((?:\s*<a\b[^>]*>)?\s*<img\b[^>]*>(?:\s*</a>)?)?(.*?)\[/(?:wp_)?caption\]", re.DOTALL
)
_SHOWN_ELSEWHERE = re.compile(r"\[(embed|audio|video|playlist|gallery)\b[^\]]*\](?:.*?\[/\1\])?", re.DOTALL)
_DIVI_CODES = {"%22": '"', "%91": "[", "%93": "]", "%92": "\\"}

_DRESS = tuple(
    (re.compile(pattern), mark)
    for pattern, mark in (
        (r"\.\.\.", "…"),
        (r"---|(?<!\S)--(?!\S)", "—"),
        (r"(?<!xn)--|(?<!\S)-(?!\S)", "–"),
        (r"'(?=\d\d(?![\d%]|[.,]\d))|(?<!\w)'(?=(?:tis|twas|twere|twill|til|em|cause|round|bout|nuff|tain)\b)", "’"),
        (r"(?<![^\s(\[{\"-])'(?!\s|$)", "‘"),
        (r"'", "’"),
        (r"(?<![^\s(\[{‘-])\"(?!\s|$)", "“"),
        (r"\"", "”"),
    )
)


def rendered(content: str) -> str:
    """Raw content of a post as the HTML that its page shows, as near as can be told without its theme and plugins."""
    typed = _BLOCKS not in content
    out: list[str] = []
    verbatim = after_break = False
    for token in _TOKEN.split(shortcodes_rendered(content)):
        if token.startswith("<") and _TOKEN.fullmatch(token):
            name = tag[1].lower() if (tag := _TAG.match(token)) else ""
            verbatim = not token.startswith("</") if name in _VERBATIM else verbatim
            after_break = name == "br"
            out.append(token)
        elif token:
            out.append(token if verbatim else _text(token, typed, after_break))
            after_break = False
    return "".join(out)


def texturized(text: str) -> str:
    """Typewriter quotes, dashes and dots as the marks that WordPress prints for them."""
    for pattern, mark in _DRESS:
        text = pattern.sub(mark, text)
    return text


def shortcodes_rendered(content: str) -> str:
    """Divi's modules as elements with their names for classes, captions as captions, other plugins' codes left out.

    `[sic]` and other brackets of prose stay: only what has a closing code or attributes is a shortcode.
    """
    if "[" not in content:
        return content
    content = content.replace("<!-- [et_pb_line_break_holder] -->", "\n")
    content = _CAPTION.sub(_caption, content)
    content = _SHOWN_ELSEWHERE.sub("", content)
    met = [(match[1], match[2]) for match in _SHORTCODE.finditer(content)]
    opened = Counter(name for slash, name in met if not slash)
    closed = Counter(name for slash, name in met if slash)
    paired = frozenset(name for name in closed if opened[name] == closed[name])
    return _SHORTCODE.sub(lambda match: _code(match, paired, frozenset(closed)), content)


def _text(text: str, typed: bool, after_break: bool) -> str:
    """A run of text between two tags: its empty lines part paragraphs, and where no block editor was, lines break."""
    text = texturized(text)
    if not typed:
        return _PARAGRAPH.sub("<br><br>", text) if text.strip() else text
    if after_break:  # the line was ended already
        text = re.sub(r"^[ \t\r]*\n", "", text)
    return _LINE_END.sub("<br>", _PARAGRAPH.sub("<br><br>", text))


def _caption(match: re.Match[str]) -> str:
    return f'<div class="wp-caption">{match[1] or ""}<p class="wp-caption-text">{match[2].strip()}</p></div>'


def _code(match: re.Match[str], paired: frozenset[str], closed: frozenset[str]) -> str:
    slash, name, attributes = match.groups()
    if _DIVI.fullmatch(name):
        return _module(slash, name, attributes, paired)
    return "\n" if name in closed or "=" in attributes else match[0]


def _module(slash: str, name: str, attributes: str, paired: frozenset[str]) -> str:
    """A module opens and closes a block; one that is not closed everywhere must not swallow what follows it."""
    if slash:
        return "</div>" if name in paired else ""
    title = _TITLE.search(attributes) if name in _GIVES_TITLE else None
    head = f"<h4>{escape(_decoded(title[1]), quote=False)}</h4>" if title else ""
    hidden = " hidden" if _HIDDEN.search(attributes) and name in paired else ""
    return f'<div class="{name}"{hidden}>{head}' + ("" if name in paired else "</div>")


def _decoded(value: str) -> str:
    for code, character in _DIVI_CODES.items():
        value = value.replace(code, character)
    return unescape(value)
