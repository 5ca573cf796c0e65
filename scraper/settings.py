"""How the crawl behaves, politeness first; `-s NAME=VALUE` changes any of it for one run."""

import scraper

BOT_NAME = "brief-archive"
SPIDER_MODULES = ["scraper.spiders"]
NEWSPIDER_MODULE = "scraper.spiders"
COMMANDS_MODULE = "scraper.commands"  # our own verbs beside Scrapy's

# Who is asking. A live crawl does not begin without a contact to which the people of the site can write.
CONTACT = ""  # an e-mail address or a page about this crawl
USER_AGENT = f"BriefArchive/{scraper.VERSION}"  # followed by the contact
ROBOTSTXT_USER_AGENT = "BriefArchive"  # the name by which a robots.txt can address the crawl

# Politeness: one request at a time, two seconds apart, slower when the site is slow.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2  # seconds; a server on loopback gets none (see the spider)
DOWNLOAD_DELAY_JITTER = 0  # jitter would go below a robots.txt Crawl-delay
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 2
AUTOTHROTTLE_MAX_DELAY = 60
RETRY_TIMES = 2
RETRY_AFTER_MAX = 120  # seconds; if the server asks to wait longer, the page is left for another run
BUSY_PAUSE = 30  # seconds to wait after a 429 or 503 that names no time; none on loopback
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the spider reports it in one line
DOWNLOAD_TIMEOUT = 60

# A night (-a nightly=1): how many requests it makes, and when every post is checked again.
NIGHTLY_REQUEST_BUDGET = 500  # robots.txt and retries count too; 0: no limit; the rest waits for other nights
FULL_RECHECK_DAYS = 30  # until a post without a stated edit is checked again; this finds silent edits
# Posts of a run that no list names, only links: a page may link to ten invented ones, and each of these to ten more.
LINKED_POSTS_MAX = 2000

# Web archives are shared by everybody and ban clients that ask too fast. Requests a minute; loopback has no limit.
COMMONCRAWL_PER_MINUTE = 30  # to index and data together; Common Crawl asks for one connection and 60 at most
WAYBACK_INDEX_PER_MINUTE = 24  # at most; it begins slower. 80 % of what web.archive.org tolerates
WAYBACK_REPLAY_PER_MINUTE = 480  # the same, for captures
WAYBACK_INDEX_PAGE = 3000  # lines per request to its index

# Safety: answers are kept as evidence, and they come from strangers.
DOWNLOAD_VERIFY_CERTIFICATES = True  # off by default in Scrapy; an archive must know which server it copied
DOWNLOAD_MAXSIZE = 16 * 2**20  # bytes, of the decoded body too: no decompression bombs
DOWNLOAD_WARNSIZE = 4 * 2**20
DOWNLOAD_FAIL_ON_DATALOSS = False  # a page that was cut off is kept and marked as truncated
DOWNLOAD_HANDLERS = {
    **dict.fromkeys(("http", "https"), "scraper.crawl.stoppable_download.StoppableDownloadHandler"),
    **dict.fromkeys(("file", "data", "ftp", "s3")),  # a link must not read this machine's files
}
COOKIES_ENABLED = False  # every page as a first visitor sees it
REMOTE_CONTROL_ENABLED = False  # on by default since Scrapy 2.19: a port that runs any Python it is sent
TELNETCONSOLE_ENABLED = False
METAREFRESH_ENABLED = False  # bot walls use it; the page itself is the evidence
MEMUSAGE_LIMIT_MB = 2048

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # lets some forbidden pages through
    "scraper.crawl.robots.StrictRobotsTxtMiddleware": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,  # does not know Retry-After
    "scraper.crawl.robots.RetryAfterMiddleware": 550,
    "scraper.crawl.capture_response.WireMiddleware": 950,  # before the body is decompressed
}
EXTENSIONS = {
    "scrapy.extensions.throttle.AutoThrottle": None,  # would undo a Crawl-delay
    "scraper.crawl.robots.CrawlDelayThrottle": 0,
    "scraper.console.crawl_progress.Progress": 100,
    "pipelines.crawl_run.CrawlRun": 0,
}
ITEM_PIPELINES = {
    "pipelines.keep.KeepPipeline": 100,
    "pipelines.extract.ExtractPipeline": 200,
    "pipelines.normalise.NormalisePipeline": 300,
    "pipelines.validate.ValidatePipeline": 400,
    "pipelines.store.StorePipeline": 500,
}
CONCURRENT_ITEMS = 1  # rows are written in the order in which pages came

# The archive.
ARCHIVE_DB = "archive.db"
WARCS_DIR = "warcs"
SNAPSHOT = "public/archive.db"  # the public copy, renewed each night; its SHA-256 is beside it
SNAPSHOT_FILES = "jsonl csv parquet"  # for readers to download, made beside it; wacz too gives the pages as captured
PUBLIC_URL = ""  # where readers find the reading room; citations name it
PUBLIC_CONTACT = ""  # where readers and harvesters reach the operator; the room shows it, unlike CONTACT
NIGHTLY_VERIFY_SAMPLE = 500  # captures whose bytes a night checks, others each night; 0: all
NIGHTLY_FREE_MB = 200  # free disk space that a night needs to begin, besides that for the snapshot
GONE_AFTER_CHECKS = 5  # days on which a page was not found; one or two may be a bad deploy
GONE_AFTER_DAYS = 14  # from the first of them to the last; a site is repaired within two weeks, or never

LOG_LEVEL = "WARNING"  # -L INFO logs more
LOG_FORMATTER = "scraper.console.crawl_progress.QuietFormatter"
FEED_EXPORT_ENCODING = "utf-8"

# Monitors of a night (scraper/monitoring); an alarm makes the exit code 3. Nights are small: most compute a likelihood.
MONITOR_HISTORY = 30  # earlier runs to compare with: a month of nights, and at least one full recheck
MONITOR_MEDIAN_OF = 7  # good runs behind a "usual" count: a week, so that week-ends are in it
MONITOR_HISTORY_MIN = 3  # good runs before counts are compared: the first night fetches everything, the next little
MONITOR_CHANCE = 0.002  # less likely than this is an alarm; of two posts without a text it is 0.0004
MONITOR_DOUBT = 0.04  # less likely than this is a warning: one of two posts without a text just is
MONITOR_ITEMS_SHARE = 0.5  # of the usual number; a smaller loss is an ordinary quiet day
MONITOR_FIELD_FLOORS = {"title": 0.99, "published": 0.98, "body": 0.98}  # every post has these
MONITOR_KNOWN_LOOKS = 0.98  # of the posts have a layout with rules, until history says otherwise
MONITOR_DROP = 0.2  # loss of share against history; old posts and new ones differ by less
MONITOR_BODY_MIN = 200  # characters, median; a shorter text is a teaser or a notice, not a brief
MONITOR_BODY_SHARE = 0.2  # of the usual median: a teaser is shorter; the median of two posts varies widely
MONITOR_STALE_DAYS = 14  # without a new post; a longer pause is reported, unless history has such pauses
MONITOR_BAD_SHARE = 0.2  # of answers that are refusals, errors or false pages; single ones are normal
MONITOR_FINISH_REASONS = ["finished"]  # Scrapy's reason for a run that ended by itself
REPORTS_DIR = "reports"  # <run>.json, .md and .html, and latest.*

# Who is alerted. Addresses and passwords belong into BRIEFS_ variables or briefs.toml: the shell's history keeps -s.
ALERT_ON = "alarm"  # the mildest level that is sent: ok (every night), warning, alarm; an error always is
ALERT_WEBHOOK = ""  # gets JSON with `text`, as Slack and similar services expect
ALERT_PING = ""  # a healthchecks-style address: it alerts when no ping comes, as from a dead machine
ALERT_MAIL_TO = ""  # addresses with commas between them
ALERT_MAIL_FROM = ""  # the first of ALERT_MAIL_TO if empty
ALERT_SMTP_HOST = "localhost"
ALERT_SMTP_PORT = "0"  # 0: 587, and 465 for ssl
ALERT_SMTP_SECURITY = "starttls"  # or ssl; none only to this machine
ALERT_SMTP_USER = ""
ALERT_SMTP_PASSWORD = ""
ALERT_TIMEOUT = 10  # seconds
ALERT_PAUSES = [1, 4, 15]  # seconds before each of three further attempts
