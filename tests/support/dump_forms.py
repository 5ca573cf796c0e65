"""The same posts in every form of a file that holds many: the forms of REST, feeds and exports."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape

from tests.support.histories import Post


@dataclass(frozen=True, slots=True)
class PostEntry:
    """A post as a file lists it: with the address and the guid that the file gives it, which may be none."""

    post: Post
    link: str = ""
    guid: str = ""
    number: int | None = None


def make_posts(count: int = 3) -> list[Post]:
    return [Post(f"/2019/01/{day:02}/post-{day}/", 70 + day, f"Tolls of river {day}") for day in range(1, count + 1)]


def list_posts(link: str = "", guid: str = "", *, numbers: bool = False) -> list[PostEntry]:
    """List three posts; `{path}` and `{number}` in address and guid stand for the post's own."""
    return [
        PostEntry(
            post,
            link.format(path=post.path, number=post.number),
            guid.format(path=post.path, number=post.number),
            post.number if numbers else None,
        )
        for post in make_posts()
    ]


def drop_link(listed: PostEntry) -> PostEntry:
    return replace(listed, link="")


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""


def rest_object(listed: PostEntry) -> dict[str, object]:
    post = {name: value for name, value in listed.post.rest().items() if name not in ("id", "link")}
    post |= {"link": listed.link} if listed.link else {}
    post |= {"guid": {"rendered": listed.guid}} if listed.guid else {}
    return post | ({"id": listed.number} if listed.number else {})


def rest(posts: Sequence[PostEntry]) -> bytes:
    return json.dumps([rest_object(listed) for listed in posts]).encode()


def json_feed(posts: Sequence[PostEntry]) -> bytes:
    items = [
        {
            "id": str(listed.number or listed.guid),
            "url": listed.link,
            "title": listed.post.title,
            "content_html": listed.post.content,
            "date_published": f"{listed.post.day}T14:00:00+00:00",
            "authors": [{"name": "Desk"}],
            "tags": ["Environment"],
        }
        for listed in posts
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": items}).encode()


def rss(posts: Sequence[PostEntry]) -> bytes:
    items = "".join(
        f"<item>{_element('title', listed.post.title)}{_element('link', listed.link)}"
        f"<pubDate>{int(listed.post.day[8:])} Jan 2019 14:00:00 +0000</pubDate>"
        f"<guid isPermaLink='false'>{escape(_guid(listed))}</guid>"
        f"<content:encoded><![CDATA[{listed.post.content}]]></content:encoded></item>"
        for listed in posts
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>x</title>{items}</channel></rss>""".encode()


def rdf(posts: Sequence[PostEntry]) -> bytes:
    items = "".join(
        f"<item>{_element('title', listed.post.title)}"
        f"{_element('link', listed.link)}{_element('guid', _guid(listed))}"
        f"<dc:date>{listed.post.day}T14:00:00Z</dc:date>"
        f"<content:encoded><![CDATA[{listed.post.content}]]></content:encoded></item>"
        for listed in posts
    )
    return f"""<?xml version="1.0"?><rdf:RDF xmlns="http://purl.org/rss/1.0/"
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><items/></channel>{items}</rdf:RDF>""".encode()


def atom(posts: Sequence[PostEntry]) -> bytes:
    entries = "".join(
        f"<entry>{_element('title', listed.post.title)}{_element('id', _guid(listed))}"
        + (f"<link rel='alternate' href='{escape(listed.link)}'/>" if listed.link else "")
        + f"<published>{listed.post.day}T14:00:00Z</published>"
        f"<content type='html'>{escape(listed.post.content)}</content></entry>"
        for listed in posts
    )
    return f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>""".encode()


def export(posts: Sequence[PostEntry]) -> bytes:
    items = "".join(
        f"<item>{_element('title', listed.post.title)}{_element('link', listed.link)}{_element('guid', listed.guid)}"
        f"<content:encoded><![CDATA[{listed.post.content}]]></content:encoded>"
        + (f"<wp:post_id>{listed.number}</wp:post_id>" if listed.number else "")
        + f"<wp:post_date>{listed.post.day} 09:00:00</wp:post_date>"
        "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>"
        for listed in posts
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>{items}</channel></rss>""".encode()


def _guid(listed: PostEntry) -> str:
    """Feeds state no number but in the guid."""
    return listed.guid or (f"https://www.usresistnews.org/?p={listed.number}" if listed.number else "")


FORMS: dict[str, Callable[[Sequence[PostEntry]], bytes]] = {
    "REST": rest,
    "JSON Feed": json_feed,
    "RSS": rss,
    "RDF": rdf,
    "Atom": atom,
    "export": export,
}
XML_FORMS = [name for name in FORMS if name not in ("REST", "JSON Feed")]
