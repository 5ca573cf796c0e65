"""How the crawl behaves, politeness first; `-s NAME=VALUE` changes any of it for one run."""

BOT_NAME = "brief-archive"
SPIDER_MODULES = ["scraper.spiders"]
NEWSPIDER_MODULE = "scraper.spiders"
COMMANDS_MODULE = "scraper.commands"  # our own verbs beside Scrapy's

# Who is calling. A live crawl refuses to begin without a contact that the site's people can write to.
CONTACT = ""  # an e-mail address or a page about this crawl
USER_AGENT = "BriefArchive/0.1"  # the spider adds the contact
ROBOTSTXT_USER_AGENT = "BriefArchive"  # the name that a robots.txt can speak to

# Politeness: one request at a time, two seconds apart, slower when the site is slow.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2  # seconds; a server on loopback gets none (see the spider)
DOWNLOAD_DELAY_JITTER = 0  # jitter would go below a robots.txt Crawl-delay
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 2
AUTOTHROTTLE_MAX_DELAY = 60
RETRY_TIMES = 2
RETRY_AFTER_MAX = (
    120  # seconds to wait when the server names a time; asked for longer, the page is left for another run
)
BUSY_PAUSE = 30  # seconds to leave a host alone after a 429 or 503 that names no time; none on loopback
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the spider tells it in one line of its own
DOWNLOAD_TIMEOUT = 60

# A night (-a nightly=1): what it may cost the site, and when everything is looked at again.
NIGHTLY_REQUEST_BUDGET = 500  # requests, robots.txt and retries among them; 0: no end. What is left waits for a night
FULL_RECHECK_DAYS = 30  # until a post that nobody says was edited is looked at again; silent edits are found so

# Web archives are shared by everybody and shut out who hurries. Requests a minute; a server on loopback knows no haste.
COMMONCRAWL_PER_MINUTE = 30  # to index and data together; Common Crawl asks for one connection and at most 60
WAYBACK_INDEX_PER_MINUTE = 24  # at most, slower to start with: 80 % of what web.archive.org puts up with
WAYBACK_REPLAY_PER_MINUTE = 480  # the same, of copies
WAYBACK_INDEX_PAGE = 3000  # lines of its index asked for at a time

# Safety: what comes back is kept as evidence and comes from outside.
DOWNLOAD_VERIFY_CERTIFICATES = True  # off by default in Scrapy; an archive must know whom it copied
DOWNLOAD_MAXSIZE = 16 * 2**20  # bytes, of the decoded body too: no decompression bombs
DOWNLOAD_WARNSIZE = 4 * 2**20
DOWNLOAD_FAIL_ON_DATALOSS = False  # a page that was cut off is kept and marked as truncated
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}  # a link must not read this machine's files
COOKIES_ENABLED = False  # every page as a stranger sees it
REMOTE_CONTROL_ENABLED = False  # on by default since Scrapy 2.19: a port that runs any Python it is sent
TELNETCONSOLE_ENABLED = False
METAREFRESH_ENABLED = False  # bot walls use it; the page is evidence as it is
MEMUSAGE_LIMIT_MB = 2048

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # lets disallowed pages through, see ours
    "scraper.crawl.robots.StrictRobotsTxtMiddleware": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,  # does not know Retry-After
    "scraper.crawl.robots.RetryAfterMiddleware": 550,
    "scraper.crawl.capture_response.WireMiddleware": 950,  # nearest to the wire: the body is not decompressed yet
}
EXTENSIONS = {
    "scrapy.extensions.throttle.AutoThrottle": None,  # would undo a Crawl-delay
    "scraper.crawl.robots.CrawlDelayThrottle": 0,
    "scraper.console.crawl_progress.Progress": 100,
}
ITEM_PIPELINES = {"pipelines.store.StorePipeline": 300}
CONCURRENT_ITEMS = 1  # rows are written in the order in which pages came

# The archive; scraper/archive.py says what it must be able to do.
ARCHIVE = "pipelines.archive.SqliteArchive"
ARCHIVE_DB = "archive.db"
WARCS_DIR = "warcs"
ARCHIVE_VERIFY = "pipelines.maintenance.verify.verify"
ARCHIVE_SNAPSHOT = "pipelines.maintenance.snapshot.snapshot"
ARCHIVE_PUBLISHED = "pipelines.maintenance.snapshot.published"
ARCHIVE_LINKS_DUE = "pipelines.pages.link_checks.links_due"
ARCHIVE_EXPORT = "pipelines.exports.export.write_export"
ARCHIVE_REBUILD = "pipelines.maintenance.rebuild.rebuild"
ARCHIVE_JOURNAL = "pipelines.maintenance.rebuild.write_journal"
ARCHIVE_REEXTRACT = "pipelines.maintenance.reextract.reextract"
ARCHIVE_WITHDRAW = "pipelines.maintenance.withdraw.withdraw"
ARCHIVE_WITHDRAWALS = "pipelines.maintenance.withdraw.told_withdrawals"
ARCHIVE_RESTORE = "pipelines.maintenance.restore.restore"
ARCHIVE_GAPS = "pipelines.gaps.find.collect_gaps"
ARCHIVE_AUTHORS = "pipelines.people.authors.list_writers"
SNAPSHOT = "public/archive.db"  # the copy that is shown to the world, renewed each night; its SHA-256 lies beside it
PUBLIC_URL = ""  # where readers find the reading room; citations name it
NIGHTLY_VERIFY_SAMPLE = 500  # captures whose bytes a night reads again, others each night; 0: all
NIGHTLY_FREE_MB = 200  # room on the disk without which a night does not begin, besides that for the snapshot
GONE_AFTER_CHECKS = 5  # days on which a page was not found; one or two are a bad deploy, and checks are few
GONE_AFTER_DAYS = 14  # from the first of them to the last; sites are repaired within two weeks, or not

LOG_LEVEL = "WARNING"  # for people; -L INFO tells more
LOG_FORMATTER = "scraper.console.crawl_progress.QuietFormatter"
FEED_EXPORT_ENCODING = "utf-8"

# Monitors of a night (scraper/watch); an alarm makes the exit code 3. Nights are small: most ask how likely so few are.
MONITOR_HISTORY = 30  # earlier runs to compare with: a month of nights, and at least one full recheck
MONITOR_MEDIAN_OF = 7  # good runs behind a "usual" count: a week, so that week-ends are in it
MONITOR_HISTORY_MIN = 3  # good runs before counts are compared: the first night fetches everything, the next little
MONITOR_CHANCE = 0.002  # less likely than this is an alarm; of two posts without a text it is 0.0004
MONITOR_DOUBT = 0.04  # less likely than this is a warning: just so one of two posts without a text
MONITOR_ITEMS_SHARE = 0.5  # of the usual number; a smaller loss is an ordinary quiet day
MONITOR_FIELD_FLOORS = {"title": 0.99, "published": 0.98, "body": 0.98}  # every post has these, whatever history says
MONITOR_KNOWN_LOOKS = 0.98  # of the posts read have a look with rules, until history knows better
MONITOR_DROP = 0.2  # of share lost against history; less is the difference between old posts and new ones
MONITOR_BODY_MIN = 200  # characters, median; less is a teaser or a notice, no brief
MONITOR_BODY_SHARE = 0.2  # of the usual median: a teaser is less; that of the two posts of a quiet night swings widely
MONITOR_STALE_DAYS = 14  # without a new post; a longer silence is worth a look, unless history knows such pauses
MONITOR_BAD_SHARE = 0.2  # of answers that are refusals, errors or false pages; single ones are the weather of the web
MONITOR_FINISH_REASONS = ["finished"]  # Scrapy's word for a run that came to its own end
REPORTS_DIR = "reports"  # <run>.json, .md and .html, and latest.*

# Whom to tell of a night. Addresses and passwords come from BRIEFS_ variables or briefs.toml: shells remember -s.
ALERT_ON = "alarm"  # the mildest level that is told: ok (every night), warning, alarm; an error always is
ALERT_WEBHOOK = ""  # gets JSON with `text`, as Slack and its like want it
ALERT_PING = ""  # a healthchecks-style address: it misses us when the machine is dead
ALERT_MAIL_TO = ""  # addresses with commas between them
ALERT_MAIL_FROM = ""  # the first of ALERT_MAIL_TO if empty
ALERT_SMTP_HOST = "localhost"
ALERT_SMTP_PORT = "0"  # 0: 587, and 465 for ssl
ALERT_SMTP_SECURITY = "starttls"  # or ssl; none only to this machine
ALERT_SMTP_USER = ""
ALERT_SMTP_PASSWORD = ""
ALERT_TIMEOUT = 10  # seconds
ALERT_PAUSES = [1, 4, 15]  # seconds before each of three further attempts
