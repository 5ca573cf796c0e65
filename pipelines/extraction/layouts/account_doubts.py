"""Which of a page's accounts is believed: what head and theme agree on; what stands alone or cut short is a guess."""

from __future__ import annotations

from dataclasses import replace

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.layouts.page_accounts import AccountReader
from pipelines.extraction.wording.account import strip_lead
from pipelines.extraction.wording.account_names import adds_writer, are_writers, drops_words, is_person
from pipelines.extraction.wording.head_lines import have_same_words, simplify_words
from pipelines.extraction.wording.roles import HOUSE

_SHOWN = (".posted_by:theme", ".posted_by:meta_line")


def weigh_accounts(accounts: list[Candidate[str]], reader: AccountReader) -> list[Candidate[str]]:
    """Weigh the accounts of a page, best first: the first is a guess where nothing confirms it."""
    if not accounts:
        return []
    first, *others = accounts
    first = _spell_out(first, others)
    return [replace(first, confidence="guessed") if _is_doubtful(first, others, reader) else first, *others]


def _spell_out(first: Candidate[str], others: list[Candidate[str]]) -> Candidate[str]:
    """Write a handle, `annlee` or `ann.lee`, as another place writes the same name."""
    full_names = (other for other in others if " " in other.value and have_same_words(other.value, first.value))
    return first if " " in first.value else next(full_names, first)


def _is_doubtful(first: Candidate[str], others: list[Candidate[str]], reader: AccountReader) -> bool:
    """Whether nothing confirms the first account, or something speaks against it."""
    same = [other for other in others if _begins_with_name(other.value, first.value)]
    against = [other for other in others if other not in same]
    if all(drops_words(account.snippet) for account in (first, *same)):
        return True
    if any(adds_writer(first.value, other.value) for other in others):
        return True
    if any(_is_shown(other) is not _is_shown(first) for other in same):
        return _have_agreement(against)
    if not are_writers(first.value, reader.houses):
        return True
    if same:
        return False
    if any(is_person(other.value, reader.houses) for other in against) or _have_agreement(against):
        return True
    if HOUSE.fullmatch(first.value):
        return False
    if _is_shown(first):
        return not is_person(first.value, reader.houses) and not _is_signed(first)
    return not is_person(first.value, reader.houses) or not _shows_names(first.value, reader)


def _is_shown(account: Candidate[str]) -> bool:
    """Whether the page shows the account, and does not only state it in its head."""
    return account.rule.endswith(_SHOWN)


def _is_signed(account: Candidate[str]) -> bool:
    """Whether the page says `By` or `Posted by` of it."""
    return account.rule.endswith("meta_line") or strip_lead(account.snippet) != account.snippet


def _have_agreement(accounts: list[Candidate[str]]) -> bool:
    """Whether head and theme, or two fields of the head, agree on one of the accounts."""
    stated = [simplify_words(account.value) for account in accounts if not _is_shown(account)]
    shown = {simplify_words(account.value) for account in accounts if _is_shown(account)}
    return not shown.isdisjoint(stated) or len(set(stated)) < len(stated)


def _begins_with_name(other: str, name: str) -> bool:
    """Whether a byline begins with a name; a role, a house or a date may follow."""
    return have_same_words(other, name) or (" " in name and simplify_words(other).startswith(simplify_words(name)))


def _shows_names(names: str, reader: AccountReader) -> bool:
    return all(name.casefold() in reader.visible_text for name in names.split(", "))
