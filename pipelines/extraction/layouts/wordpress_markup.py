"""What WordPress makes of the text that editors typed: shortcodes, paragraphs, typographic quotes and dashes."""

from __future__ import annotations

import re
from base64 import b64decode
from collections import Counter
from html import escape, unescape
from urllib.parse import unquote

from pipelines.extraction.layouts.blocks import render_blocks
from pipelines.extraction.wording.stray_codes import is_program

_TOKEN = re.compile(r"(<!--.*?-->|<[a-zA-Z/!?][^>]*>)", re.DOTALL)
_TAG = re.compile(r"</?([a-zA-Z][\w-]*)")
_VERBATIM = frozenset(("pre", "code", "kbd", "samp", "tt", "script", "style", "textarea"))
_BLOCKS = "<!-- wp:"  # the block editor marks paragraphs itself
_PARAGRAPH = re.compile(r"(?:(?<![ \t\r])[ \t\r]+)?\n[ \t\r]*\n\s*")
_LINE_END = re.compile(r"(?:(?<![ \t\r])[ \t\r]+)?\n[ \t\r]*")

_SHORTCODE = re.compile(r"\[(/?)([a-zA-Z][\w-]*)((?:\s[^\[\]]*)?)\]")
_DIVI = re.compile(r"et_(?:pb|bloom|social)_\w+")
_GIVES_TITLE = frozenset(f"et_pb_{name}" for name in "blurb toggle accordion_item heading slide tab".split())
_TITLE = re.compile(r"(?<![\w-])(?:title|heading)=[\"“”″]([^\"“”″]+)[\"“”″]")
_HIDDEN = re.compile(r"\bdisabled(?:_on)?=\"(?:on\|on\|on|on)\"")
# WPBakery and others keep HTML so; their scripts decode to no element.
_ENCODED = re.compile(r"\[([a-zA-Z][\w-]{0,60})(?:\s[^\[\]]*)?\]\s?([A-Za-z0-9+/]{40,}={0,2})\s?\[/\1\]")
_CAPTION = re.compile(
    r"\[(?:wp_)?caption[^\]]*\]((?:\s*<a\b[^>]*>)?\s*<img\b[^>]*>(?:\s*</a>)?)?(.*?)\[/(?:wp_)?caption\]", re.DOTALL
)
_SHOWN_ELSEWHERE = re.compile(r"\[(embed|audio|video|playlist|gallery)\b[^\]]*\](?:.*?\[/\1\])?", re.DOTALL)
_CODE_MODULE = re.compile(r"\[et_pb_(?:fullwidth_)?code\b[^\]]*\](.*?)\[/et_pb_(?:fullwidth_)?code\]", re.DOTALL)
_BREAK = re.compile(r"</?(?:br|p)\s?/?>")
_DIVI_CODES = {"%22": '"', "%91": "[", "%93": "]", "%92": "\\"}

_TYPOGRAPHY = tuple(
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


def render_content(content: str) -> str:
    """Render the raw content of a post as the HTML of its page, as far as possible without theme and plugins."""
    is_classic = _BLOCKS not in content
    content = content if is_classic else render_blocks(content)
    out: list[str] = []
    verbatim = after_break = False
    for token in _TOKEN.split(render_shortcodes(content)):
        if token.startswith("<") and _TOKEN.fullmatch(token):
            name = tag[1].lower() if (tag := _TAG.match(token)) else ""
            verbatim = not token.startswith("</") if name in _VERBATIM else verbatim
            after_break = name == "br"
            out.append(token)
        elif token:
            out.append(token if verbatim else _render_text(token, is_classic, after_break))
            after_break = False
    return "".join(out)


def texturize(text: str) -> str:
    """Turn typewriter quotes, dashes and dots into the marks that WordPress prints for them."""
    for pattern, mark in _TYPOGRAPHY:
        text = pattern.sub(mark, text)
    return text


def render_shortcodes(content: str) -> str:
    """Turn Divi's modules into elements with their names as classes, keep captions, drop the codes of other plugins.

    `[sic]` and other brackets of prose stay: only a code with attributes or a closing code is a shortcode.
    """
    if "[" not in content:
        return content
    content = content.replace("<!-- [et_pb_line_break_holder] -->", "\n")
    content = _ENCODED.sub(_decode_html, content)
    content = _CAPTION.sub(_render_caption, content)
    content = _SHOWN_ELSEWHERE.sub("", content)
    content = _CODE_MODULE.sub(lambda module: "" if is_program(_BREAK.sub("\n", module[1])) else module[0], content)
    tags = [(match[1], match[2]) for match in _SHORTCODE.finditer(content)]
    opened = Counter(name for slash, name in tags if not slash)
    closed = Counter(name for slash, name in tags if slash)
    paired = frozenset(name for name in closed if opened[name] == closed[name])
    return _SHORTCODE.sub(lambda match: _render_shortcode(match, paired, frozenset(closed)), content)


def _render_text(text: str, is_classic: bool, after_break: bool) -> str:
    """Render text between two tags: empty lines part paragraphs; without the block editor, line ends are breaks."""
    text = texturize(text)
    if not is_classic:
        return _PARAGRAPH.sub("<br><br>", text) if text.strip() else text
    if after_break:  # the <br> has ended the line already
        text = re.sub(r"^[ \t\r]*\n", "", text)
    return _LINE_END.sub("<br>", _PARAGRAPH.sub("<br><br>", text))


def _decode_html(match: re.Match[str]) -> str:
    try:
        html = unquote(b64decode(match[2], validate=True).decode())
    except ValueError:
        return match[0]
    return f"\n\n{html}\n\n" if html.lstrip().startswith("<") else match[0]


def _render_caption(match: re.Match[str]) -> str:
    return f'<div class="wp-caption">{match[1] or ""}<p class="wp-caption-text">{match[2].strip()}</p></div>'


def _render_shortcode(match: re.Match[str], paired: frozenset[str], closed: frozenset[str]) -> str:
    slash, name, attributes = match.groups()
    if _DIVI.fullmatch(name):
        return _render_module(slash, name, attributes, paired)
    return "\n" if name in closed or "=" in attributes else match[0]


def _render_module(slash: str, name: str, attributes: str, paired: frozenset[str]) -> str:
    """Render a module as a block; one that is not always closed must not swallow what follows it."""
    if slash:
        return "</div>" if name in paired else ""
    title = _TITLE.search(attributes) if name in _GIVES_TITLE else None
    head = f"<h4>{escape(_decode_value(title[1]), quote=False)}</h4>" if title else ""
    hidden_attribute = " hidden" if _HIDDEN.search(attributes) and name in paired else ""
    return f'<div class="{name}"{hidden_attribute}>{head}' + ("" if name in paired else "</div>")


def _decode_value(value: str) -> str:
    for code, character in _DIVI_CODES.items():
        value = value.replace(code, character)
    return unescape(value)
