<?php
// php seed.php ROOT install | php seed.php ROOT posts FILE.json | php seed.php ROOT edit SLUG OLD NEW
// php seed.php ROOT update SLUG JSON | php seed.php ROOT run CODE
[$_, $root, $task] = $argv;
$_SERVER += ['HTTP_HOST' => '127.0.0.1', 'SERVER_NAME' => '127.0.0.1', 'REQUEST_METHOD' => 'GET',
    'SERVER_PROTOCOL' => 'HTTP/1.1', 'REQUEST_URI' => '/'];
if ($task === 'install') {
    define('WP_INSTALLING', true);
}
require "$root/wp-load.php";

if ($task === 'install') {
    require_once ABSPATH . 'wp-admin/includes/upgrade.php';
    add_filter('pre_wp_mail', '__return_true'); // no mail leaves a test
    wp_install('US Renew News', 'admin', 'admin@example.test', true, '', 'admin');
    update_option('permalink_structure', '/%year%/%monthnum%/%day%/%postname%/');
    update_option('posts_per_page', 10);
    update_option('posts_per_rss', 10);
    exit;
}

function change(string $slug, callable $fields): never {
    global $wpdb; // WordPress's own queries by slug find no drafts
    $id = $wpdb->get_var($wpdb->prepare("SELECT ID FROM $wpdb->posts WHERE post_type = 'post' AND post_name = %s", $slug));
    $done = $id ? wp_update_post(['ID' => $id] + $fields(get_post($id)), true) : new WP_Error('none', "no post $slug");
    if (is_wp_error($done)) {
        fwrite(STDERR, $done->get_error_message() . "\n");
        exit(1);
    }
    exit;
}

if ($task === 'edit') {
    change($argv[3], fn($post) => ['post_content' => wp_slash(str_replace($argv[4], $argv[5], $post->post_content))]);
}

if ($task === 'run') {
    eval($argv[3]);
    exit;
}

if ($task === 'update') {
    change($argv[3], fn() => json_decode($argv[4], true));
}

global $wp_rewrite;
$wp_rewrite->init();
if (get_post(1) && get_post(1)->post_name === 'hello-world') wp_delete_post(1, true); // WordPress's own "Hello world!"
$categories = [];
foreach (json_decode(file_get_contents($argv[3]), true) as $post) {
    $name = $post['category'];
    if (!isset($categories[$name])) {
        $term = term_exists($name, 'category') ?: wp_insert_term($name, 'category');
        $categories[$name] = (int) $term['term_id'];
    }
    $id = wp_insert_post([
        'post_title' => $post['title'],
        'post_name' => $post['slug'],
        'post_content' => $post['content'],
        'post_date' => $post['date'],
        'post_date_gmt' => $post['date'],
        'post_category' => [$categories[$name]],
        'post_status' => $post['status'],
        'post_author' => 1,
    ], true);
    if (is_wp_error($id)) {
        fwrite(STDERR, $id->get_error_message() . "\n");
        exit(1);
    }
}
$wp_rewrite->flush_rules(true);
