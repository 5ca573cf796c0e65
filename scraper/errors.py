"""Errors that a user can act on: a class for each cause, with its exit code and, in its docstring, what to do next.

Exit codes follow sysexits(3) where it has one; README.md and `briefs help exit-codes` list them.
"""

from __future__ import annotations

OK, FAILED, USAGE, DOUBTFUL, PARTLY = 0, 1, 2, 3, 4
DATA, UNAVAILABLE, IO, BUSY, CONFIG = 65, 69, 74, 75, 78
EXIT_CODES = {
    OK: "done, nothing new included",
    FAILED: "an unexpected error; please report it",
    USAGE: "wrong usage",
    DOUBTFUL: "finished, but doubtful: the probe's verdict is bad, or a monitor of the night raised an alarm",
    PARTLY: "finished partly: stopped, pages failed, a night left or holds news, or copies of a withdrawn brief stay",
    DATA: "bad input: something given could not be read, or nothing in it was a page",
    UNAVAILABLE: "a contact is set, and there is no network, or the site, its robots.txt or a web archive cannot be "
    "reached or forbids us, or a cluster or a store does not answer; `ingest`, "
    "`explain` and `serve` work offline",
    IO: "the disk is full, access is not permitted, or archive.db or bytes in warcs/ are damaged (`verify` says where)",
    BUSY: "busy: another command writes to this archive, another night is at work, or a web archive asks for "
    "patience; try later",
    CONFIG: "configuration: no contact (checked before the network is used), an unusable briefs.toml, another "
    "program's database, a newer schema, a package of an extra that is missing, a sample where real pages are meant or "
    "the reverse",
}


class ArchiveError(Exception):
    """Stops a command with one line, which says what to do."""

    exit_code = FAILED


class ForeignDatabase(ArchiveError):
    """The file is another program's database: name another file with --db FILE."""

    exit_code = CONFIG


class NewerSchema(ArchiveError):
    """The archive was written by a newer version of this program: update the checkout."""

    exit_code = CONFIG


class OlderSchema(ArchiveError):
    """The archive was written before the first release: make it again with `briefs rebuild --replace`."""

    exit_code = CONFIG


class ArchiveBusy(ArchiveError):
    """Another command writes to this archive: wait for it, or stop it, and run again."""

    exit_code = BUSY


class DiskTrouble(ArchiveError):
    """The disk is full, read-only or not permitted: free space or fix permissions and run again; nothing is lost."""

    exit_code = IO


class DamagedArchive(ArchiveError):
    """archive.db is damaged: restore it from a copy; warcs/ still holds every page."""

    exit_code = IO


class Imbalance(ArchiveError):
    """What went into a run is not what came out of it: the line names the addresses; please report it."""


class BadInput(ArchiveError):
    """A file or folder given could not be read as pages: the line names it; the others were read."""

    exit_code = DATA


class SiteUnavailable(ArchiveError):
    """The site or its robots.txt cannot be reached or forbids us: try later; ingest, explain and serve work offline."""

    exit_code = UNAVAILABLE


class DoubtfulSite(ArchiveError):
    """The probe says that the rules do not hold for this site: look with `briefs explain`, or go on with --force."""

    exit_code = DOUBTFUL


class BadArgument(ArchiveError):
    """A spider argument cannot be used: the line says which values it takes."""

    exit_code = USAGE


class NoContact(ArchiveError):
    """A live crawl says who runs it: set contact in briefs.toml or BRIEFS_CONTACT to an e-mail address or a page."""

    exit_code = CONFIG


class BadConfiguration(ArchiveError):
    """briefs.toml or a BRIEFS_ variable cannot be used: the line names the place; `briefs config` lists the keys."""

    exit_code = CONFIG


class IncompleteInstall(ArchiveError):
    """A file of the program itself is missing: install brief-archive again."""

    exit_code = CONFIG


class MissingExtra(ArchiveError):
    """What was asked for needs packages that are not installed by default: the line says which `pip install` it is."""

    exit_code = CONFIG


class ClusterUnavailable(ArchiveError):
    """No scheduler or no worker answers, or all are of another version: start them, or leave --cluster out."""

    exit_code = UNAVAILABLE


class SampleArchive(ArchiveError):
    """Invented briefs and real ones do not mix: name another with --db FILE, or start=, the sample site's address."""

    exit_code = CONFIG


class WebArchiveBusy(ArchiveError):
    """A web archive asks for a pause: run the command again later; it goes on where it stopped."""

    exit_code = BUSY
