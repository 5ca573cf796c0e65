"""What stands beside names in a byline and is no part of them: pronouns, handles, marks of notes, dates."""

from __future__ import annotations

import re

from scraper.dates import is_vague_date, parse_written_date

# The mark of a footnote behind a name: `Ann Lee<sup>1</sup>`, `Ann Lee*`, `Ann Lee[a]`.
_NOTE_MARK = re.compile(r"(?<=[^\W\d_]|\.)\s?(?:[\d¹²³⁰-⁹]{1,2}|[*†‡§¶]{1,3}|\[\w{1,2}\])$")
_HANDLE = re.compile(r"(?<!\s)\s+\(?@\w{2,30}\)?$")
_PRONOUN = r"(?:she|hers?|he|him|his|they|them|theirs?|ze|zir|hir|xe|xem)"
_PRONOUNS = re.compile(
    rf"(?<![\s,])(?:,\s*|\s+|(?=[(\[]))[(\[]?{_PRONOUN}(?:\s?/\s?{_PRONOUN}){{1,3}}\b[)\]]?", re.IGNORECASE
)
_DATED = re.compile(r"^(?P<how>(?:posted|published|dated|updated|revised)(?:\s+on)?|on)\s*:?\s+", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
# Two names without anything between them; `MacDonald`, `LaToya`, `DeShawn` are one.
_GLUED = re.compile(r"(?<=\s)(?P<end>[^\W\d_]*[^\W\d_A-Z])(?=[A-Z][a-z][\w.’'-]*\s+[A-Z])")
_PREFIXES = frozenset("mc mac de del la le lo van von vander fitz di da du jo lu ru ke sha o st el al ver ten".split())


def strip_marks(piece: str) -> str:
    """Strip the handle and the mark of a note behind a name."""
    return _NOTE_MARK.sub("", _HANDLE.sub("", piece))


def strip_pronouns(names: str) -> str:
    """Strip how the people of a list want to be spoken of: `Ann Lee (she/her)`."""
    return _PRONOUNS.sub("", names) if "/" in names else names


def part_glued_names(names: str) -> tuple[str, bool]:
    """Part names that stand side by side without a space, `Ann LeeTom Vale`, and say whether there were any."""
    glued = [match for match in _GLUED.finditer(names) if match["end"].lower() not in _PREFIXES]
    for match in reversed(glued):
        names = f"{names[: match.end()]} & {names[match.end() :]}"
    return names, bool(glued)


def split_date(names: str) -> tuple[str, str | None]:
    """Split names from the date after them (`, June 10, 2020`); the day of an update is dropped: the text is older."""
    if not names.rstrip(" .)")[-1:].isdecimal() or not _YEAR.search(names):  # a date ends in its year
        return names, None
    for gap in re.finditer(r"[\s,(|•·–—-]+", names):
        rest = names[gap.end() :].strip().rstrip(").")
        how = _DATED.match(rest)
        date = rest[how.end() :] if how else rest
        if gap.start() and (parse_written_date(date) or is_vague_date(date)):
            later = how and how["how"].lower().startswith(("updated", "revised"))
            return names[: gap.start()], None if later else parse_written_date(date)
    return names, None
