"""The language of the search box: what a reader typed, as words that must or must not be there, filters, and notes.

Nothing typed is an error. What is not understood is searched for as words, and a note says so.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache

LONGEST = 500  # characters of a search; FTS5 fails with more than some hundred words
_MOST_WORDS = 32  # each is looked for in each brief that is found
_SHORTEST_BEGINNING = 2  # letters before a `*`: fewer begin half of all words
_FIELDS = {"title": "title", "text": "body", "author": "authors", "resource": "resources"}
FILTERS = ("domain", "kind", "after", "before")
_QUOTES = str.maketrans("“”„‟«»", '""""""')
_TOKEN = re.compile(
    r'(?P<sign>[-−+]*)(?:(?P<field>[^\W\d_]+):(?!//))?(?:"(?P<phrase>[^"]*)(?P<end>"?)(?P<star>\*?)|(?P<word>[^\s"]*))'
)
_OR, _AND, _NOT = ("OR", "|", "||"), ("AND", "&", "&&"), ("NOT",)
_NUMBER = re.compile(r"#(\d{1,9})")
NO_SEARCH = '""'  # finds nothing in FTS5; an empty text would be an error


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand together, in one column or in any; the last may be the beginning of a word."""

    words: str
    column: str | None = None
    is_beginning: bool = False

    @property
    def match(self) -> str:
        """The term for FTS5."""
        *before, last = self.words.split() or [""]
        others = complete_word(last) if self.is_beginning else ()
        phrases = [
            f'"{self.words}"' + (" *" if self.is_beginning else ""),
            *(f'"{" ".join([*before, word])}"' for word in others),
        ]
        phrase = f"({' OR '.join(phrases)})" if others else phrases[0]
        return f"{self.column} : {phrase}" if self.column else phrase

    @property
    def text(self) -> str:
        """The term as a reader types it."""
        name = next((f"{name}:" for name, column in _FIELDS.items() if column == self.column), "")
        words = (
            self.words
            if re.fullmatch(r"[^\W_]+", self.words) and self.words not in _OR + _AND + _NOT
            else f'"{self.words}"'
        )
        return f"{name}{words}{'*' if self.is_beginning else ''}"


@dataclass(frozen=True, slots=True)
class ParsedSearch:
    """A search: of each group one term must be there, and no term that is left out."""

    groups: tuple[tuple[Term, ...], ...] = ()
    left_out: tuple[Term, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()  # names as in FILTERS, and number
    notes: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()  # notes of what was not applied

    @property
    def match(self) -> str:
        """The words for FTS5; it finds nothing if no word must be there."""
        if not self.groups:
            return NO_SEARCH
        is_plain = all(len(group) == 1 and not (group[0].column or group[0].is_beginning) for group in self.groups)
        groups = [" OR ".join(term.match for term in group) for group in self.groups]
        words = " ".join(groups) if is_plain else " AND ".join(f"({group})" for group in groups)
        return f"({words}) NOT ({' OR '.join(term.match for term in self.left_out)})" if self.left_out else words

    @property
    def words(self) -> str:
        """The words that must be there, as a reader types them."""
        return " ".join(" OR ".join(term.text for term in group) for group in self.groups)

    @property
    def text(self) -> str:
        """The whole search but its filters, as a reader types it."""
        return " ".join([self.words, *(f"-{term.text}" for term in self.left_out)]).strip()

    @property
    def without(self) -> str:
        """The words that must not be there, as a reader types them; any of them is enough."""
        return " OR ".join(term.text for term in self.left_out)


@dataclass(slots=True)
class _Reading:
    """A search while it is read."""

    groups: list[list[Term]] = field(default_factory=list)
    left_out: list[Term] = field(default_factory=list)
    filters: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    joins_next: bool = False  # behind OR
    was_left_out: bool = False  # the word before
    excludes_next: bool = False  # behind NOT

    def add(self, term: Term, *, is_left_out: bool) -> None:
        """Add a term to the group before it behind an OR, else as one of its own."""
        if self.joins_next and (is_left_out or self.was_left_out):
            self.notes.append("OR joins words that may be there; to leave out either of two, write -this -that")
            self.joins_next = False
        self.was_left_out = is_left_out
        if is_left_out:
            self.left_out.append(term)
        elif self.joins_next and self.groups:
            self.groups[-1].append(term)
        else:
            self.groups.append([term])
        self.joins_next = False


def parse_search(typed: str, *, has_filters: bool = True) -> ParsedSearch:
    """Parse what was typed; without filters `domain:x` and `#9` are words like others."""
    text = " ".join(typed.replace("\0", " ").split()).translate(_QUOTES)
    reading = _Reading()
    if len(text) > LONGEST:
        reading.notes.append(f"Only the first {LONGEST} characters were searched for")
    for token in _split_tokens(text[:LONGEST]):
        _read_token(token, reading, has_filters=has_filters)
    if reading.joins_next:
        reading.notes.append("OR stands between two words; here one is missing")
    if any(sign in text for sign in "()") and any(len(group) > 1 for group in reading.groups):
        reading.notes.append("Brackets are not understood: OR joins the two words beside it")
    groups = list(dict.fromkeys(tuple(dict.fromkeys(group)) for group in reading.groups))
    if len(groups) > _MOST_WORDS:
        reading.notes.append(f"Only the first {_MOST_WORDS} words were searched for")
    return ParsedSearch(
        tuple(groups[:_MOST_WORDS]),
        tuple(dict.fromkeys(reading.left_out))[:_MOST_WORDS],
        tuple(reading.filters),
        tuple(dict.fromkeys(reading.notes)),
        tuple(reading.refusals),
    )


def _split_tokens(text: str) -> Iterator[re.Match[str]]:
    start = 0
    while match := _TOKEN.match(text, start):
        if match.end() == start:
            start += 1
            if start > len(text):
                return
            continue
        start = match.end()
        if match["field"] and not match["phrase"] and not match["word"] and match["phrase"] is None:
            # `title: levy`: the words behind the colon belong to it
            following = _TOKEN.match(f"{match[0]}{text[start:].lstrip()}")
            if following is not None and following.end() > len(match[0]):
                start += len(text[start:]) - len(text[start:].lstrip()) + following.end() - len(match[0])
                match = following
        yield match


def _read_token(token: re.Match[str], reading: _Reading, *, has_filters: bool) -> None:
    whole = token[0]
    if whole in _OR:
        reading.joins_next = bool(reading.groups)
        if not reading.groups:
            reading.notes.append("OR stands between two words; here one is missing")
        return
    if whole in _AND:
        return
    if whole in _NOT:
        reading.excludes_next = True
        return
    is_left_out = token["sign"][:1] in ("-", "−") or reading.excludes_next
    reading.excludes_next = False
    name = (token["field"] or "").lower()
    value = token["word"] if token["phrase"] is None else token["phrase"]
    if has_filters and _read_filter(name, value.strip(), reading, is_left_out=is_left_out):
        return
    _read_words(token, reading, is_left_out=is_left_out)


def _read_filter(name: str, value: str, reading: _Reading, *, is_left_out: bool) -> bool:
    """Whether a token is a filter; one that would be left out is told and not applied the other way round."""
    number = _NUMBER.fullmatch(value) if not name else None
    if name not in FILTERS and number is None:
        return False
    if is_left_out:
        reading.refusals.append(f"Only words can be left out: -{name + ':' if name else ''}{value} was not applied")
    elif not value:
        reading.notes.append(f"{name}: has nothing behind it")
    else:
        reading.filters.append(("number", number[1]) if number else (name, value))
    return True


def _read_words(token: re.Match[str], reading: _Reading, *, is_left_out: bool) -> None:
    name = (token["field"] or "").lower()
    is_phrase = token["phrase"] is not None
    words = token["phrase"] if is_phrase else token["word"]
    column = _FIELDS.get(name)
    if name and column is None:
        words = f"{token['field']} {words}"
        if has_letters(token["word"] or token["phrase"] or ""):
            reading.notes.append(f"{name}: is no field of the search, so it was searched for as a word")
    if is_phrase and not token["end"]:
        reading.notes.append(
            "A quotation mark without its other half: the words behind it were taken to stand together"
        )
    is_beginning = words.endswith("*") if not is_phrase else bool(token["star"])
    words = " ".join(words.replace("*", " ").replace("(", " ").replace(")", " ").split())
    if "*" in (token["phrase"] or token["word"] or "").rstrip("*"):
        reading.notes.append("* stands at the end of a word only")
    if not has_letters(words):
        if name and column:
            reading.notes.append(f"{name}: has nothing behind it")
        return
    if is_beginning and len(words.split()[-1]) < _SHORTEST_BEGINNING:
        reading.notes.append(f"“{words}*” begins too many words: it was searched for as a word")
        is_beginning = False
    reading.add(Term(words, column, is_beginning), is_left_out=is_left_out)


def has_letters(text: str) -> bool:
    """Whether there is a letter or digit, as only these are in the index."""
    return any(sign.isalnum() for sign in text)


# What the index's stemmer cuts off.
_ENDINGS = (
    "ational tional ation ations ion ions ate ates ated ating ator ators ative ize izes ized izing izer izers ization "
    "alize alization iveness fulness ousness alism alist alists ality alities ivity ivities ability abilities ibility "
    "ment ments ement ement ence ences ance ances ency ant ent able ible ness ful fully less ity ities ive ives ous "
    "ously al ally ical ically er ers or ors ies y ing ings ed ly ism ist"
).split()
_SHORTEST = 3  # letters of a stem
_STEMS = """CREATE VIRTUAL TABLE typed USING fts5(word, tokenize='porter unicode61 remove_diacritics 2');
    CREATE VIRTUAL TABLE stems USING fts5vocab(typed, 'instance')"""


@lru_cache(maxsize=1024)
def complete_word(beginning: str) -> tuple[str, ...]:
    """Words that begin so and whose stem is shorter than the beginning: one for each such stem."""
    lower = beginning.lower()
    words = {
        lower + ending[cut:]
        for ending in _ENDINGS
        for cut in range(1, len(ending))
        if lower.endswith(ending[:cut]) and len(lower) - cut >= _SHORTEST
    }
    if not words:
        return ()
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(_STEMS)
        db.executemany("INSERT INTO typed VALUES (?)", [(word,) for word in sorted(words)])
        rows = db.execute("SELECT min(word), term FROM stems JOIN typed ON typed.rowid = doc GROUP BY term").fetchall()
    return tuple(word for word, stem in rows if lower.startswith(stem) and _SHORTEST <= len(stem) < len(lower))
