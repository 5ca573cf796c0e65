"""Mutations of how resources are listed, and of the addresses by which a page calls itself."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from benchmarks.mutations.resources import find_heading, list_items
from benchmarks.mutations.specimen import POST, Specimen, refuse_if, require
from scraper.address import identity, permalink_date

_CANONICAL = r"(<link\b[^<>]*rel=[\"']canonical[\"'][^<>]*href=[\"'])([^\"']*)"
# Markup, the name, the description, the whole item; each leads to https://harbor.example.org/.
_SHAPES = (
    ('<a href="{u}">Harbor Fund</a> - Gives advice.', "Harbor Fund", "Gives advice.", "Harbor Fund - Gives advice."),
    ('<a href="{u}">Harbor Fund</a> — Gives advice.', "Harbor Fund", "Gives advice.", "Harbor Fund — Gives advice."),
    ('<a href="{u}">Harbor Fund</a> : Gives advice.', "Harbor Fund", "Gives advice.", "Harbor Fund : Gives advice."),
    ('<a href="{u}"><em>Harbor</em></a>: Advice: call.', "Harbor", "Advice: call.", "Harbor: Advice: call."),
    ('<a href="{u}">Harbor</a>: See <a href="https://b.example/">it</a>.', "Harbor", "See it.", "Harbor: See it."),
    ('<b><a href="{u}">Harbor</a></b>&nbsp;– Gives advice.', "Harbor", "Gives advice.", "Harbor – Gives advice."),
    ('<a href="{u}">\n  Harbor\n</a>:\n Gives advice.', "Harbor", "Gives advice.", "Harbor : Gives advice."),
    ('Harbor Fund: <a href="{u}">{u}</a>', "Harbor Fund", "{u}", "Harbor Fund: {u}"),
    ('<a href="{u}">{u}</a>', "{u}", None, "{u}"),
)  # fmt: skip


def shape_item(page: Specimen, random: Random) -> Specimen | None:
    """One more item, with another joint between name and description."""
    items, _ = require(list_items(page)), require(find_heading(page))
    url = "https://harbor.example.org/"
    markup, name, description, text = (part and part.format(u=url) for part in random.choice(_SHAPES))
    resources = page.get_value("resources")
    resource = {"heading": resources[0]["heading"], "name": name, "url": url, "description": description, "text": text}
    known = {key: value for key, value in resource.items() if value}
    return page.add_after(items[-1], markup or "").expect(resources=[*resources, known])


def break_list(page: Specimen, random: Random) -> Specimen | None:
    """A second list with a heading of its own."""
    items = list_items(page)
    refuse_if(len(items) < 2 or require(find_heading(page)).tag == "li")
    at = random.randrange(1, len(items))
    refuse_if(page.markup[items[at - 1].end : items[at].start].strip())
    new = random.choice(("Engagement Resources", "Resistance Resources", "Additional Resources"))
    form = random.choice(
        ("</ul><p><strong>{}</strong></p><ul>", "</ul>\n<h3>{}:</h3>\n<ul>", "</ul><p><b>{}</b></p><ul>")
    )
    resources = page.get_value("resources")
    changed = [*resources[:at], *(resource | {"heading": new} for resource in resources[at:])]
    before, behind = page.markup[: items[at].start], page.markup[items[at].start :]
    refuse_if(before.rfind("<ul") < before.rfind("<ol") or before.rfind("<ul") < before.rfind("</ul"))
    return replace(page, markup=before + form.format(new) + behind).expect(resources=changed)


def join_items(page: Specimen, random: Random) -> Specimen | None:
    """All items in one paragraph, a line each."""
    items = require(list_items(page))
    refuse_if(not all(re.match(r"\s*<a\b", page.get_inner(item)) for item in items))
    inner = random.choice(("<br>", "<br />\n", "<br/>")).join(page.get_inner(item) for item in items)
    between = page.markup[items[0].start : items[-1].end]
    refuse_if(re.sub(r"</?li\b[^<>]*>", "", between).count("<ul"))
    start, end = page.markup.rfind("<ul", 0, items[0].start), page.markup.find("</ul>", items[-1].end)
    refuse_if(start < 0 or end < 0 or page.markup[items[-1].end : end].strip())
    refuse_if(">" in page.markup[start : items[0].start].rstrip()[:-1])
    return page.edit(start, end + 5, f"<p>{inner}</p>")


def follow_list(page: Specimen, random: Random) -> Specimen | None:
    """What plugins print below the list is no item."""
    items = require(list_items(page))
    end = page.markup.find("</ul>", items[-1].end)
    refuse_if(end < 0 or page.markup[items[-1].end : end].strip())
    form = random.choice(
        (
            "<p>Share This</p>",
            '<p><a href="https://www.usresistnews.org/donate/">Donate today to U.S. RESIST NEWS</a></p>',
            "<p>&nbsp;</p>",
            "<p>________</p>",
            '<div class="sharedaddy"><ul><li><a href="?share=x">Tweet</a></li></ul></div>',
            "<p>Subscribe Below to Our News Service</p>",
        )
    )
    return page.edit(end + 5, end + 5, form)


def write_canonical(page: Specimen, random: Random) -> Specimen | None:
    """The canonical link written otherwise: one post, one path."""
    match, url = require(re.search(_CANONICAL, page.markup)), require(page.get_value("url"))
    refuse_if(match[2] != url or "/web/" in url)
    new = random.choice(
        (
            url.rstrip("/"),
            url.replace("https://www.", "http://"),
            url.replace("https://", "http://"),
            url.replace("usresistnews", "usrenewnews"),
            url + "?utm_source=mail",
            url.replace("https://", "HTTPS://"),
        )
    )
    # The case of a scheme means nothing.
    return page.edit(match.start(2), match.end(2), new).expect(url=new.replace("HTTPS", "https"))


def misdirect_canonical(page: Specimen, random: Random) -> Specimen | None:
    """A canonical link that cannot be this post's is not believed."""
    match, captured = require(re.search(_CANONICAL, page.markup)), require(page.capture.url)
    refuse_if(identity(captured) != page.get_value("path"))
    new = random.choice(
        (
            "https://www.usresistnews.org/",
            "https://elsewhere.example.org/2019/01/02/x/",
            "https://www.usresistnews.org/category/x/",
        )
    )
    return page.edit(match.start(2), match.end(2), new).leave_open("url", POST)


def publish_in_the_evening(page: Specimen, random: Random) -> Specimen | None:
    """An instant in UTC that is the next day: the site's day is in the permalink."""
    day = require(page.get_value("published"))
    refuse_if(permalink_date(page.get_value("path") or "") != day or page.frame)
    evening = f"{(date.fromisoformat(day) + timedelta(days=1)).isoformat()}T0{random.randint(0, 4)}:30:00+00:00"
    return require(page.substitute(rf"{day}T\d\d:\d\d:\d\d\+00:00", evening)).leave_open("modified")


def show_another_date(page: Specimen, random: Random) -> Specimen | None:
    """The theme's date in another form."""
    day = require(page.get_value("published"))
    refuse_if(page.frame or "article:published_time" not in page.markup)
    shown = date.fromisoformat(day).strftime(
        random.choice(("%B %d, %Y", "%d %B %Y", "%m/%d/%Y", "%Y-%m-%d", "%A, %B %d, %Y"))
    )
    return page.substitute(r"(?<=<span class=\"published\">)[^<>]*", shown)
