"""The verbs of `briefs` with their summaries, here so that the list can be shown without importing the commands."""

from __future__ import annotations

VERBS: dict[str, dict[str, str]] = {
    "Begin": {
        "demo": "Crawl a sample site on this machine into a sample archive",
        "serve": "Open the reading room on the archive, in a browser",
        "config": "Show the configuration in use, and where each value comes from",
        "completion": "Print the completion script for bash, zsh or fish",
    },
    "Bring pages in": {
        "ingest": "Take saved pages in: HTML, text, REST JSON, feeds, WARC, WACZ, ARC, WET, whole folders",
        "crawl": "Crawl the live site",
        "wayback": "Fetch every version of every page that the Wayback Machine holds",
        "commoncrawl": "Fetch every version of every page that Common Crawl holds",
    },
    "See what is there": {
        "explain": "Show a page's fields, the rule and the text each came from, and what is missing",
        "gaps": "List what is missing from the archive, with the command that looks for it",
        "authors": "List the writers and their spellings; merge, split or reject",
        "links": "Check whether recommended resources still answer, and find archived copies of the others",
        "export": "Write briefs or captures to a file: WARC, WACZ, JSON Lines, CSV, citations, a bag and others",
    },
    "Every night": {
        "nightly": "Fetch what is new or edited, verify, renew the snapshot, report and alert",
        "report": "Show what the last night did, beside what is usual",
        "accept": "Accept what a doubtful night read, which is held back until then",
        "probe": "Read a dozen posts of the live site and say whether the rules hold for them",
        "snapshot": "Put a checked copy of the database where the public reads it",
    },
    "Keep it sound": {
        "verify": "Check that the database and the bytes of every page are as they were written",
        "rebuild": "Make archive.db again from warcs/ alone, with the same rows and numbers",
        "reextract": "Read the stored pages again by today's rules; --dry-run shows what would change",
        "withdraw": "Take a brief from readers at once; --undo gives it back",
    },
}


def summary_of(verb: str) -> str:
    """The summary of one verb."""
    return next(verbs[verb] for verbs in VERBS.values() if verb in verbs)


def verb_names() -> list[str]:
    """All verbs, in the order in which the help shows them."""
    return [verb for verbs in VERBS.values() for verb in verbs]
