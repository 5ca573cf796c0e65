"""The reading room: Datasette on archive.db, with pages of its own where they make reading better."""

from reading_room.sqlite_features import give_answers

give_answers()
