"""What can be asked of an archive without opening it for writing: no lock is taken, no file is made."""

from __future__ import annotations

from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.captures.read_back import kept
from pipelines.pages.run_overview import glance
from pipelines.pages.runs import overview, runs
from pipelines.sample import is_sample_file
from scraper.archive import Glance, Run, Summary
from scraper.records import Capture


class Looking:
    """The questions of scraper.archive.Archive that only read."""

    @classmethod
    def kept(cls, settings: BaseSettings, address: str) -> list[Capture]:
        """The captures of one post, newest first, their bytes out of warcs/."""
        return kept(Path(settings["ARCHIVE_DB"]), Path(settings["WARCS_DIR"]), address)

    @classmethod
    def runs(
        cls, settings: BaseSettings, limit: int, *, spider: str | None = None, upto: int | None = None
    ) -> list[Run]:
        """The last runs, newest first."""
        return runs(Path(settings["ARCHIVE_DB"]), limit, spider=spider, upto=upto)

    @classmethod
    def overview(cls, settings: BaseSettings) -> Summary | None:
        """What is in the archive, None where there is none."""
        return overview(Path(settings["ARCHIVE_DB"]))

    @classmethod
    def is_sample(cls, settings: BaseSettings) -> bool:
        """Whether the archive is of the sample site."""
        return is_sample_file(Path(settings["ARCHIVE_DB"]))

    @classmethod
    def glance(cls, settings: BaseSettings) -> Glance:
        """What a run would find."""
        return glance(Path(settings["ARCHIVE_DB"]))
