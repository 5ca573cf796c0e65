"""Faults of a WordPress, each as the code of a plugin."""

from __future__ import annotations

from tests.wordpress.theme import OTHER_NAMES, WITHOUT_TEXT

TEMPLATES = {"other class names": OTHER_NAMES, "an update without the text": WITHOUT_TEXT}
_NOT_ROBOTS = "$_SERVER['REQUEST_URI'] !== '/robots.txt'"
_IS_POST = "preg_match('~^/20[0-9]{2}/[0-9]{2}/[0-9]{2}/.~', $_SERVER['REQUEST_URI'])"
_IS_REST = "str_contains($_SERVER['REQUEST_URI'], '/wp-json/')"
_WALL = (
    '<html><head><title>Just a moment...</title></head><body><div id="cf-wrapper">'
    "Checking your browser before accessing the site.</div></body></html>"
)
_PAUSE = (
    "<html><head><title>Maintenance</title></head><body>Briefly unavailable for scheduled maintenance. "
    "Check back in a minute.</body></html>"
)
_DATABASE = (
    "<html><head><title>Database Error</title></head><body>"
    "<h1>Error establishing a database connection</h1></body></html>"
)
_SOON = "<html><head><title>Coming soon</title></head><body><h1>Coming soon</h1><p>We are building.</p></body></html>"
_LOGIN = (
    '<html><head><title>Log In</title></head><body class="login"><form name="loginform" action="/wp-login.php">'
    '<input type="password" name="pwd"></form></body></html>'
)


def answer(condition: str, status: int, body: str, header: str = "X-Fault: 1") -> str:
    """Answer so where the condition holds."""
    return (
        f"add_action('init', function () {{ if ({condition}) {{ status_header({status}); "
        f"header('Content-Type: text/html; charset=UTF-8'); header('{header}'); echo '{body}'; exit; }} }});"
    )


def redirect(target: str) -> str:
    """Let every post lead to the target."""
    return f"add_action('init', function () {{ if ({_IS_POST}) {{ wp_redirect({target}, 302); exit; }} }});"


def hook(name: str, php: str) -> str:
    """Change what passes through one of WordPress's hooks, `$value`."""
    return f"add_filter('{name}', function ($value) {{ {php} }});"


def rewrite_text(php: str, priority: int = 99) -> str:
    """Rewrite the text of single posts, `$text`."""
    return f"add_filter('the_content', fn($text) => is_single() ? {php} : $text, {priority});"


def rewrite_page(php: str, condition: str = "is_single()") -> str:
    """Rewrite whole pages, `$html`."""
    return (
        "add_action('template_redirect', function () { if (!("
        + condition
        + ")) return; ob_start(function ($html) { "
        + php
        + " }); }, 0);"
    )


def rewrite_rest(php: str) -> str:
    """Rewrite lists of REST: `$result` is the response, `$rows` its posts."""
    return (
        "add_filter('rest_post_dispatch', function ($result, $server, $request) {"
        "if ($request->get_route() !== '/wp/v2/posts' || $result->is_error()) return $result;"
        "$rows = $result->get_data(); " + php + " return $result; }, 10, 3);"
    )


# Every answer is that of the first time it was asked for, until the plugin goes.
def cache(condition: str) -> str:
    """Serve what was served first."""
    return (
        "add_action('init', function () { if (!(" + condition + ")) return;"
        "$file = WP_CONTENT_DIR . '/cached-' . md5($_SERVER['REQUEST_URI']);"
        "if (is_file($file)) { foreach (json_decode(file_get_contents($file . '.h')) as $line) header($line);"
        "readfile($file); exit; }"
        "ob_start(function ($html) use ($file) { file_put_contents($file, $html);"
        "file_put_contents($file . '.h', json_encode(headers_list())); return $html; }); }, 0);"
    )


TEXTS = {
    "texts cut": rewrite_text("substr(strip_tags($text), 0, 120)"),
    "newest texts cut": rewrite_text("get_post()->post_date > '2025' ? substr(strip_tags($text), 0, 250) : $text"),
    "texts cut by four tenths": rewrite_text(
        "'<p>' . substr(strip_tags($text), 0, (int) (strlen(strip_tags($text)) * .6)) . '… <a>Read more</a></p>'"
    ),
    "texts gone": rewrite_text("''"),
    "texts of a fatal error": rewrite_text(
        "'<p>' . substr(strip_tags($text), 0, 90) . '</p><b>Fatal error</b>: Uncaught Error: undefined function'"
    ),
    "texts for members": rewrite_text(
        "'<p>This content is for members only. Please log in or subscribe to read it.</p>'"
    ),
    "texts of a script": rewrite_text(
        "'<noscript>Please enable JavaScript to read this page.</noscript><div id=\"lazy\"></div>'"
    ),
    "texts of lorem": rewrite_text(
        "'<p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.</p>'"
    ),
    "texts in a wrong encoding": rewrite_page("return mb_convert_encoding($html, 'UTF-8', 'ISO-8859-1');"),
    "spam in each text": rewrite_text(
        "preg_replace('~</p>~', ' <a href=\"https://pills.example\">cheap spampills</a> here and there</p>', $text)"
    ),
    "a warning of PHP before the page": rewrite_page(
        'return "<br><b>Warning</b>: Undefined variable in /srv/theme.php on line 3<br>" . $html;'
    ),
    "titles gone": "add_filter('the_title', fn($title) => is_single() ? get_bloginfo('name') : $title);"
    "add_filter('pre_get_document_title', fn() => get_bloginfo('name'));",
    "bylines gone": rewrite_text("preg_replace('~<p>by:? [^<]*</p>~i', '', $text)"),
    "one post everywhere": (
        "add_filter('request', fn($asked) => isset($asked['name']) ? ['name' => 'ferry-1'] : $asked);"
        "remove_action('template_redirect', 'redirect_canonical');"
    ),
    "the home page everywhere": "add_filter('request', fn($asked) => isset($asked['name']) ? [] : $asked);"
    "remove_action('template_redirect', 'redirect_canonical');",
    "posts not found": "add_filter('request', fn($asked) => isset($asked['name']) ? ['error' => '404'] : $asked);"
    "remove_action('template_redirect', 'redirect_canonical');",
    "posts lead to the home page": redirect("'/'"),
    "posts lead to a login": redirect("'/wp-login.php'"),
    "pages cut in the middle": rewrite_page("return substr($html, 0, (int) (strlen($html) * .5));"),
}
SERVER = {
    "bot wall": answer(_NOT_ROBOTS, 403, _WALL),
    "bot wall of posts": answer(_IS_POST, 403, _WALL),
    "bot wall of every other post": answer(f"{_IS_POST} && crc32($_SERVER['REQUEST_URI']) % 2", 403, _WALL),
    "bot wall with 200": answer(_NOT_ROBOTS, 200, _WALL),
    "maintenance": answer(_NOT_ROBOTS, 503, _PAUSE),
    "maintenance with 200": answer(_NOT_ROBOTS, 200, _PAUSE),
    "coming soon with 200": answer(_NOT_ROBOTS, 200, _SOON),
    "a login everywhere": answer(_NOT_ROBOTS, 200, _LOGIN),
    "no database, 500": answer(_NOT_ROBOTS, 500, _DATABASE),
    "no database, 200": answer(_NOT_ROBOTS, 200, _DATABASE),
    "empty answers": answer(_NOT_ROBOTS, 200, ""),
    "everything 404": answer(_NOT_ROBOTS, 404, "<h1>Not Found</h1>"),
    "forbidden": answer("true", 403, "<h1>Forbidden</h1>"),
    "too many requests": answer(_NOT_ROBOTS, 429, "", "Retry-After: 1"),
    "robots.txt 503": answer("$_SERVER['REQUEST_URI'] === '/robots.txt'", 503, "", "Retry-After: 3600"),
    "broken gzip": answer(_IS_POST, 200, "<html>no gzip</html>", "Content-Encoding: gzip"),
    "robots.txt forbids all": "add_filter('robots_txt', fn() => \"User-agent: *\\nDisallow: /\\n\");",
    "a loop of redirects": redirect("$_SERVER['REQUEST_URI']"),
    "short lengths": "add_action('init', function () { if (" + _IS_POST + ") ob_start(function ($html) {"
    " header('Content-Length: ' . strlen($html)); return substr($html, 0, (int) (strlen($html) / 2)); }); }, 0);",
    "slow answers": "add_action('init', function () { usleep(700000); });",
}
LISTS = {
    "REST shut": hook("rest_authentication_errors", "return new WP_Error('rest_forbidden', 'No.', ['status' => 401]);"),
    "REST of HTML": answer(_IS_REST, 200, _WALL),
    "REST empty": rewrite_rest(
        "$result->set_data([]); $result->header('X-WP-Total', 0); $result->header('X-WP-TotalPages', 0);"
    ),
    "REST without dates of change": rewrite_rest(
        "$result->set_data(array_map(fn($row) => array_diff_key($row, ['modified_gmt' => 1]), $rows));"
    ),
    "REST with one post a page": hook("rest_post_query", "$value['posts_per_page'] = 1; return $value;"),
    "a total of none": rewrite_rest("$result->header('X-WP-Total', 0);"),
    "a doubled total": rewrite_rest(
        "$result->header('X-WP-Total', 2 * (int) ($result->get_headers()['X-WP-Total'] ?? 0));"
    ),
    "no total": rewrite_rest("$result->set_headers([]);"),
    "robots.txt forbids REST": hook("robots_txt", 'return $value . "\\nUser-agent: *\\nDisallow: /wp-json/\\n";'),
    "feed 500": "add_action('do_feed_rss2', function () { status_header(500); exit; }, 1);",
    "feed of HTML": answer("str_starts_with($_SERVER['REQUEST_URI'], '/feed')", 200, _SOON),
    "feed empty": hook("pre_get_posts", "if ($value->is_feed()) $value->set('p', 999999);"),
    "feed of one post": "add_filter('pre_option_posts_per_rss', fn() => 1);",
    "feed of summaries": "add_filter('pre_option_rss_use_excerpt', fn() => 1);",
    "sitemaps off": "add_filter('wp_sitemaps_enabled', '__return_false');",
    "sitemap empty": hook("wp_sitemaps_posts_query_args", "$value['p'] = 999999; return $value;"),
    "sitemap with dates": "add_filter('wp_sitemaps_posts_entry', function ($entry, $post) {"
    "$entry['lastmod'] = get_post_modified_time(DATE_W3C, true, $post); return $entry; }, 10, 2);",
    "sitemap without dates": hook("wp_sitemaps_posts_entry", "unset($value['lastmod']); return $value;"),
    "cached pages": cache(_IS_POST),
    "cached REST": cache(_IS_REST),
    "cached feed": cache("str_starts_with($_SERVER['REQUEST_URI'], '/feed')"),
    "cached everything": cache(_NOT_ROBOTS),
    "a static home page": rewrite_page(
        "return '<html><head><title>Welcome</title></head><body><h1>Welcome</h1></body></html>';", "is_home()"
    ),
    "comments in the feed": "add_action('rss2_head', function () { echo '<item><title>Comment on a post</title>"
    "<link>' . home_url('/2018/01/01/none/#comment-3') . '</link></item>'; });",
}
FAULTS = TEXTS | SERVER | LISTS
