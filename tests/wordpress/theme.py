"""A new theme overnight: the template of single posts is another one, as after an update that went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.wordpress.server import WordPress

_THEME = "htdocs/wp-content/themes/twentytwentythree"
# The text is gone: the editors' update left only the title in a block that calls itself otherwise.
WITHOUT_TEXT = """<!-- wp:template-part {"slug":"header","tagName":"header"} /-->
<!-- wp:group {"tagName":"main"} --><main class="wp-block-group">
<!-- wp:post-featured-image /--><!-- wp:site-title {"level":1} /-->
</main><!-- /wp:group -->
<!-- wp:template-part {"slug":"footer","tagName":"footer"} /-->
"""
# Everything is there, in boxes of other names that no rule knows: a page builder without a heading.
OTHER_NAMES = """<!-- wp:html --><div class="nova-shell"><div class="nova-hero"><!-- /wp:html -->
<!-- wp:post-title {"level":5,"className":"nova-line"} /-->
<!-- wp:html --></div><div class="nova-teaser"><!-- /wp:html -->
<!-- wp:post-excerpt {"moreText":"Continue"} /-->
<!-- wp:html --></div></div><!-- /wp:html -->
"""


@contextmanager
def break_theme(site: WordPress, template: str) -> Iterator[None]:
    """While inside, single posts are shown by this template."""
    file = site.folder / _THEME / "templates/single.html"
    before = file.read_text()
    file.write_text(template)
    try:
        yield
    finally:
        file.write_text(before)
