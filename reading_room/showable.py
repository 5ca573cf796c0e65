"""Which captures readers may see."""

from __future__ import annotations

# Only pages of one post: a feed, a REST answer or a listing names many, and some may be withdrawn since. What is held
# is not shown: a later night may find that the site never meant it.
SHOWABLE = """captures.outcome = 'brief' AND captures.layout IS NOT 'wxr'
    AND 1 = (SELECT count(*) FROM readings WHERE capture_id = captures.id)
    AND captures.id NOT IN (SELECT capture_id FROM readings WHERE held = 1)
    AND NOT EXISTS (SELECT 1 FROM pages WHERE status = 'withdrawn' AND (path = captures.path
        OR path IN (SELECT path FROM readings WHERE capture_id = captures.id)
        OR path IN (SELECT brief_path FROM readings WHERE capture_id = captures.id)))"""
