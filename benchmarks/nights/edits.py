"""Nights after what editors do: none of it is a fault, and all of it should be in the archive the same night."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.nights.faults import rewrite_text
from benchmarks.nights.story import MORE, Story, expect
from tests.nights.simulation import Event

_NOTICE = "<!-- wp:paragraph --><p>This brief was withdrawn by its editors, for its figures were wrong.</p>"


def edit_posts(story: Story) -> Iterator[Event]:
    story.edit("ferry-9")
    yield expect("an edit")
    story.edit("ferry-4")
    story.edit("ferry-13")
    yield expect("two edits, one of an old post")
    story.edit("ferry-9")
    story.edit("ferry-9")
    yield expect("two edits of one post in a day")


def edit_silently(story: Story) -> Iterator[Event]:
    """A row changed in the database: only a page that is asked for anyway shows it, and a second night publishes it."""
    post = story.publish()
    yield expect("a new post, to be edited silently")
    word = f"wording{post.number}y"
    text = f"str_replace('counted the ships twice', 'counted the {word} twice', $post->post_content)"
    change = f"$GLOBALS['wpdb']->update($GLOBALS['wpdb']->posts, ['post_content' => {text}], ['ID' => $post->ID]);"
    _edit_all(story, f"if ($post->post_name === '{post.slug}') {{ {change} }}")
    story.edits[post.path] += 1
    story.truth[post.path] = word
    yield expect("an edit that no list announces", "ok/warning", hides=True)
    yield expect("seen again")


def revert_edit(story: Story) -> Iterator[Event]:
    word = story.edit("ferry-5")
    yield expect("an edit to be taken back")
    story.revert("ferry-5", word)
    yield expect("the edit taken back")


def publish_posts(story: Story) -> Iterator[Event]:
    story.publish()
    yield expect("a new post")
    story.publish(date="2019-05-05 09:00:00")
    yield expect("an old draft published with its old day")
    for _ in range(30):
        story.publish()
    yield expect("thirty new posts")
    story.clock.advance(40)
    yield expect("forty days later")


def publish_stub(story: Story) -> Iterator[Event]:
    stub = (
        "<!-- wp:paragraph --><p>Brief #91—Foreign Policy</p><!-- /wp:paragraph --><!-- wp:paragraph --><p>Analysis</p>"
    )
    stub += (
        "<!-- /wp:paragraph --><!-- wp:paragraph --><p>The ferry has sunk; more will follow.</p><!-- /wp:paragraph -->"
    )
    post = story.publish(content=stub)
    yield expect("a post of one sentence", "ok/warning")
    story.replace(post.slug, "more will follow.", f"the text follows. {MORE}")
    story.truth[post.path] = "the text follows"
    yield expect("its whole text")


def move_posts(story: Story) -> Iterator[Event]:
    story.move("ferry-11", post_name="ferry-eleven")
    yield expect("another slug")
    day = "2026-02-20 12:00:00"
    story.move("ferry-12", post_date=day, post_date_gmt=day, edit_date="1")
    yield expect("another day")
    story.plug_in(
        "forget",
        "remove_action('template_redirect', 'wp_old_slug_redirect');"
        "add_filter('do_redirect_guess_404_permalink', '__return_false');",
    )
    story.move("ferry-10", post_name="ferry-ten")
    yield expect("another slug without a redirect")
    story.mend()


def remove_posts(story: Story) -> Iterator[Event]:
    story.remove("ferry-20", "trash")
    yield expect("a post deleted")
    word = story.remove("ferry-18", "draft")
    yield expect("a post unpublished")
    yield expect("and still so")
    story.restore("ferry-18", word)
    yield expect("and published again")
    word = story.remove("ferry-19", "private")
    yield expect("a post made private")
    story.restore("ferry-19", word)
    story.edit("ferry-19")
    yield expect("and public again, edited")


def protect_post(story: Story) -> Iterator[Event]:
    story.site.update("ferry-17", post_password="secret")
    yield expect("a password on a post", "ok/warning", hides=True)
    yield expect("and still so", "ok/warning", hides=True)
    story.site.update("ferry-17", post_password="")
    story.edit("ferry-17")
    yield expect("and none any more, edited")


def shorten_posts(story: Story) -> Iterator[Event]:
    story.replace("ferry-6", MORE, "")
    story.edit("ferry-6")
    yield expect("a text shortened to a third", "ok/warning", hides=True)
    yield expect("seen again")
    story.plug_in("notice", "")
    story.site.update("ferry-8", post_content=f"{_NOTICE}<!-- /wp:paragraph -->")
    story.edits[story.path("ferry-8")] += 1
    story.truth[story.path("ferry-8")] = "withdrawn by its editors"
    yield expect("a text replaced by a notice", "ok/warning", hides=True)
    yield expect("seen again", "ok/warning")
    yield expect("nothing more")


def empty_post(story: Story) -> Iterator[Event]:
    """Readers see the last text that there was."""
    content, slug = story.posts["ferry-24"].content, "ferry-24"
    story.site.update(slug, post_content="")
    yield expect("a text saved empty", "ok/warning/alarm", hides=True)
    for number in range(2, 9):
        if number % 2:
            story.publish()
        yield expect(f"and still so, night {number}" + ", a new post" * (number % 2), "ok/warning")
    story.site.update(slug, post_content=content)
    story.edit(slug)
    yield expect("the text back, edited", "ok/warning", hides=True)
    yield expect("seen again")


def lose_text(story: Story) -> Iterator[Event]:
    """One page alone is at fault, for good: new posts come in all the while."""
    post = story.publish()
    yield expect("a new post, to lose its text")
    story.plug_in("lost", rewrite_text(f"get_post()->post_name === '{post.slug}' ? '' : $text"))
    yield expect("its text gone", "warning/alarm", hides=True)
    for number in range(2, 9):
        if number % 2:
            story.publish()
        yield expect(f"and still so, night {number}" + ", a new post" * (number % 2), "ok/warning")
    story.mend()
    yield expect("the text back")


def shorten_during_fault(story: Story) -> Iterator[Event]:
    story.plug_in("fault", "add_filter('the_content', fn($text) => is_single() ? '' : $text, 99);")
    story.replace("ferry-3", MORE, "")
    story.edit("ferry-3")
    yield expect("a text shortened while all are gone", "alarm", hides=True)
    story.mend()
    yield expect("mended", "ok/warning", hides=True)
    yield expect("seen again")


def replace_post(story: Story) -> Iterator[Event]:
    path = story.path("ferry-16")
    story.site.update("ferry-16", post_status="trash")
    story.posts.pop("ferry-16")
    new = story.publish(date=f"{path[1:11].replace('/', '-')} 12:00:00", slug="ferry-16")
    story.edits[new.path] += 1
    yield expect("another post at the address of a deleted one", "ok/warning", hides=True)
    yield expect("seen again")


def touch_all(story: Story) -> Iterator[Event]:
    _edit_all(story, "wp_update_post(['ID' => $post->ID]);")
    yield expect("every post saved without a change")
    yield expect("nothing more")


def rename_writer(story: Story) -> Iterator[Event]:
    _edit_all(
        story,
        "wp_update_post(['ID' => $post->ID, 'post_content' => wp_slash(str_replace("
        "'Ines Adair', 'Inés Adair', $post->post_content))]);",
    )
    for post in story.posts.values():
        story.edits[post.path] += 1
    yield expect("a writer's name respelled in every post")


def move_categories(story: Story) -> Iterator[Event]:
    _edit_all(
        story,
        "$term = term_exists('Archive', 'category') ?: wp_insert_term('Archive', 'category');"
        "wp_set_post_categories($post->ID, [(int) $term['term_id']]); wp_update_post(['ID' => $post->ID]);",
    )
    for post in story.posts.values():
        story.edits[post.path] += 1
    yield expect("every post in another category")


def date_change_ahead(story: Story) -> Iterator[Event]:
    story.edit("ferry-2")
    _edit_all(
        story,
        "if ($post->post_name === 'ferry-2') { $day = '2099-01-01 00:00:00'; $GLOBALS['wpdb']->update("
        "$GLOBALS['wpdb']->posts, ['post_modified' => $day, 'post_modified_gmt' => $day], ['ID' => $post->ID]); }",
    )
    yield expect("an edit dated 2099")
    story.edit("ferry-14")
    yield expect("an edit of another post")
    story.edit("ferry-2")
    yield expect("an edit of the same, dated today")


def _edit_all(story: Story, php: str) -> None:
    """Run code for each post, as a bulk edit does."""
    story.site.run_php(f"foreach (get_posts(['numberposts' => -1]) as $post) {{ {php} }}")
