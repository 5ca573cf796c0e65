"""Mutations of the head of a page: meta tags, links, JSON-LD, the classes of the body, marks of a translation."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from random import Random

from benchmarks.mutations.specimen import POST, Specimen, refuse_if, require
from scraper.address import identity, permalink_date, strip_wayback

_META = r"<meta\b[^<>]*>"
_JSONLD = r"<script[^<>]*application/ld\+json[^<>]*>.*?</script>"
_INSTANT = r"(?<=[\"'])\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00(?=[\"'])"


def _open_lost_facts(page: Specimen) -> Specimen:
    """Leave open what no metadata says any more."""
    markup, day = page.markup, page.get_value("published")
    fields = []
    stated = "article:published_time" in markup or "datePublished" in markup
    if not stated and permalink_date(page.get_value("path") or "") != day:
        fields.append("published")
    if not ("article:modified_time" in markup or "dateModified" in markup):
        fields.append("modified")
    if not re.search(r"\?p=\d|postid-\d|posts/\d", markup):
        fields.append("wp_id")
    return page.leave_open(*fields)


def drop_canonical(page: Specimen, random: Random) -> Specimen | None:
    """Without a canonical link the captured address counts, or what else names the page."""
    dropped = require(page.substitute(r"<link\b[^<>]*\brel=[\"']canonical[\"'][^<>]*>", ""))
    captured = strip_wayback(page.capture.url or "")[0]
    is_same = identity(captured) == page.get_value("path") if captured else False
    return dropped.leave_open("url") if is_same else dropped.leave_open("url", "path", "published", POST)


def drop_meta(page: Specimen, random: Random) -> Specimen | None:
    """One meta tag of a random name is gone."""
    names = require(re.findall(r"<meta\b[^<>]*(?:property|name)=\"((?:og|article|twitter):\w+|author)\"", page.markup))
    name = random.choice(sorted(set(names)))
    dropped = require(page.substitute(rf"<meta\b[^<>]*\"{re.escape(name)}\"[^<>]*>", ""))
    if name in ("author", "twitter:data1", "twitter:label1"):
        dropped = dropped.leave_open("posted_by")
    refuse_if(name in ("og:url", "og:title", "og:type") and not re.search("<h1|single-post", page.markup))
    return _open_lost_facts(dropped)


def drop_all_meta(page: Specimen, random: Random) -> Specimen | None:
    refuse_if(not re.search(r"<h1\b.*single-post|single-post.*<h1\b", page.markup, re.DOTALL))
    dropped = require(page.substitute(r"<meta\b[^<>]*(?:property|name)=\"(?:og|article|twitter):[^<>]*>", ""))
    return _open_lost_facts(dropped.leave_open("url", "posted_by"))


def double_meta(page: Specimen, random: Random) -> Specimen | None:
    return page.substitute(_META, lambda match: match[0] + "\n" + match[0])


def turn_meta(page: Specimen, random: Random) -> Specimen | None:
    """Content before the name, as some plugins print it."""
    return page.substitute(
        r"<meta\b\s+((?:property|name)=\"[^\"]*\")\s+(content=\"[^\"]*\")", lambda m: f"<meta {m[2]} {m[1]}"
    )


def requote_meta(page: Specimen, random: Random) -> Specimen | None:
    return page.substitute(r"(<meta\b[^<>]*content=)\"([^\"']*)\"", lambda match: f"{match[1]}'{match[2]}'")


def shout_meta(page: Specimen, random: Random) -> Specimen | None:
    """Names of tags and attributes in capitals."""
    return page.substitute(
        r"<(meta|link)\b([^<>]*)>",
        lambda m: (
            f"<{m[1].upper()}{re.sub(r'([a-z-]+)=', lambda a: a[1].upper() + '=', m[2])}>" if "?" not in m[2] else m[0]
        ),
    )


def rename_meta(page: Specimen, random: Random) -> Specimen | None:
    """`name` for `property`, as hand-made themes print it."""
    return page.substitute(r"<meta property=", "<meta name=")


def drop_jsonld(page: Specimen, random: Random) -> Specimen | None:
    dropped = require(page.substitute(_JSONLD, ""))
    return _open_lost_facts(dropped.leave_open("posted_by"))


def break_jsonld(page: Specimen, random: Random) -> Specimen | None:
    """JSON-LD that ends too early is no JSON."""
    broken = page.substitute(
        r"(<script[^<>]*application/ld\+json[^<>]*>)(.*?)(?=</script>)", lambda m: m[1] + m[2][: len(m[2]) // 2]
    )
    return _open_lost_facts(require(broken).leave_open("posted_by", "published", "modified"))


def list_jsonld(page: Specimen, random: Random) -> Specimen | None:
    """The graph as a list."""
    return page.substitute(r"(<script[^<>]*application/ld\+json[^<>]*>)(.*?)(?=</script>)", r"\1[\2]")


def shift_offset(page: Specimen, random: Random) -> Specimen | None:
    """The same instants written otherwise."""
    hours = random.choice((0, -5, -4))

    def write(match: re.Match[str]) -> str:
        instant = datetime.fromisoformat(match[0])
        return (
            instant.astimezone(timezone(timedelta(hours=hours))).isoformat()
            if hours
            else match[0].replace("+00:00", "Z")
        )

    return page.substitute(_INSTANT, write)


def drop_body_class(page: Specimen, random: Random) -> Specimen | None:
    """Without the classes of the body the address says what the page is."""
    refuse_if("canonical" not in page.markup or page.truth[POST] != (True,))
    return _open_lost_facts(require(page.substitute(r"(?<=<body)\s[^<>]*class=\"[^\"]*\"", "")))


def drop_shortlink(page: Specimen, random: Random) -> Specimen | None:
    dropped = require(page.substitute(r"<link\b[^<>]*rel=[\"']shortlink[\"'][^<>]*>", ""))
    refuse_if("canonical" not in dropped.markup)
    return _open_lost_facts(dropped)


def drop_account(page: Specimen, random: Random) -> Specimen | None:
    dropped = require(page.substitute(r"<a\b[^<>]*rel=\"author\"[^<>]*>.*?</a>", ""))
    return dropped.leave_open("posted_by")


def move_categories(page: Specimen, random: Random) -> Specimen | None:
    dropped = require(page.substitute(r"<a\b[^<>]*rel=\"category tag\"[^<>]*>.*?</a>", ""))
    return dropped.leave_open("categories", "kind")


def translate(page: Specimen, random: Random) -> Specimen | None:
    """A copy that a browser translated gives no values."""
    refuse_if(page.frame or page.is_bare or "<html" not in page.markup)
    language = random.choice(("fr", "es", "de", "zh-CN", "ar"))
    marked = page.substitute(
        r"<html\b[^<>]*>", f'<html lang="{language}" class="translated-{"rtl" if language == "ar" else "ltr"}">'
    )
    marked = marked and marked.substitute(
        r"(?<=<p>)([^<>]{20,})(?=</p>)",
        r'<font style="vertical-align: inherit;"><font style="vertical-align: inherit;">\1</font></font>',
    )
    return replace(require(marked), truth=dict.fromkeys(page.truth, ()) | {POST: (False,)})
