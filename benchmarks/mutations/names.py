"""Mutations of who wrote a text: names of every form, in bylines and closing lines of every form."""

from __future__ import annotations

from random import Random

from benchmarks.mutations.bylines import require_plain_byline
from benchmarks.mutations.labels import find_label
from benchmarks.mutations.specimen import Specimen, refuse_if, require

_NAMES = (
    "Mary-Kate O’Dwyer",
    "Juan Carlos de la Cruz",
    "J. D. Vanderhoof III",
    "María José Ñandú",
    "Søren Åkerlund",
    "Xi Li",
    "Ann-Marie O'Neil-Smith",
    "Ludwig van der Berg",
    "R.J. Quill",
    "Rosa M. Klebb",
    "Rosa Klebb, J.D.",
    "Dr. Rosa Klebb",
    "Ahmed al-Rahman",
    "Rosa d’Arcy",
    "Rosa McAllister",
    "Jean-Luc Picot Jr.",
    "Rosa Law",
    "May June Wells",
    "Sam Post",
    "Art House",
    "Rosa King Young",
)
_HOUSES = ("U.S. RESIST NEWS Staff", "USRESIST NEWS Reporters", "US Renew News Staff", "U.S. Resist News")


def rename_author(page: Specimen, random: Random) -> Specimen | None:
    block, author = require_plain_byline(page)
    name = random.choice(_NAMES)
    return page.fill(block, f"By {name}").expect(authors=[author | {"name": name}])


def name_house(page: Specimen, random: Random) -> Specimen | None:
    """The house wrote it."""
    block, _ = require_plain_byline(page)
    name = random.choice(_HOUSES)
    return page.fill(block, f"By {name}").expect(authors=[{"name": name, "kind": "collective"}])


def name_several(page: Specimen, random: Random) -> Specimen | None:
    """Two or three names, with the joints that editors type."""
    block, _ = require_plain_byline(page)
    form = random.choice(
        ("By {}, {} and {}", "By {}, {}, and {}", "By {}; {}; {}", "By {} and {} and {}", "By: {}, {}, {}")
    )
    names = random.sample([name for name in _NAMES if "," not in name], 3)
    authors = [{"name": name, "kind": "person"} for name in names]
    return page.fill(block, form.format(*names)).expect(authors=authors)


def link_byline(page: Specimen, random: Random) -> Specimen | None:
    """The name leads to the writer's page."""
    block, author = require_plain_byline(page)
    refuse_if(page.is_bare)
    form = random.choice(
        (
            'By <a href="https://www.usresistnews.org/author/x/">{}</a>',
            '<a href="#">By {}</a>',
            "By <strong>{}</strong>",
            "<em>By</em> {}",
        )
    )
    return page.fill(block, form.format(author["name"]))


def end_byline(page: Specimen, random: Random) -> Specimen | None:
    """Marks and spaces behind the name."""
    end = random.choice((".", ",", " ", "&nbsp;", ":", "  ", ";"))
    block, author = require_plain_byline(page)
    refuse_if(page.is_bare and "&" in end)
    return page.fill(block, f"By {author['name']}{end}")


def end_label(page: Specimen, random: Random) -> Specimen | None:
    """Spaces behind the label."""
    label = require(find_label(page))
    refuse_if(page.is_bare)
    return page.fill(label, page.get_inner(label) + random.choice((" ", "&nbsp;", "\n", "<br />", "<br>\n&nbsp;")))


def part_byline(page: Specimen, random: Random) -> Specimen | None:
    """The name on the line below `By`."""
    block, author = require_plain_byline(page)
    refuse_if(page.is_bare or block.tag == "br")
    return page.fill(block, f"{random.choice(('By', 'By:', 'BY'))}<br />{author['name']}")


def mention_writers(page: Specimen, random: Random) -> Specimen | None:
    """People in the text are no authors."""
    blocks = [block for block in page.list_paragraphs() if block.tag == "p"]
    refuse_if(len(blocks) < 3)
    text = random.choice(
        (
            "The report was written by Rosa Quillfeather and Odell Finch for the state’s inspector.",
            "A brief by Rosa Quillfeather, an analyst at the Harbor Trust, says otherwise.",
            "“It was compiled by people who never left the office,” said Rosa Quillfeather.",
            "In a letter signed by Rosa Quillfeather and ninety others, the growers asked for more time.",
            "Compiled by the county, the list has 4,000 names; Rosa Quillfeather’s is the first.",
            "Reported by no paper at the time, the vote came to light in May.",
        )
    )
    block = random.choice(blocks[:-1])
    return page.add_after(block, text).expect_text(block.text, block.text, text)
