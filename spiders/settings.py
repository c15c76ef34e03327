"""Scrapy's settings, for `scrapy crawl` and `monadi harvest` alike; each says why it is not Scrapy's default."""

from scrapy.settings import default_settings

from archive.configuration import read_configuration
from archive.version import MONADI_VERSION

_configuration = read_configuration()


def _but_for(parts: dict[str, int], *names: str) -> dict[str, int]:
    """Scrapy's own parts but for some: one that is named to be left out is loaded first, with all that it imports."""
    return {path: order for path, order in parts.items() if path.rpartition(".")[2] not in names}


BOT_NAME = "monadi"
SPIDER_MODULES = ["spiders"]
SPIDER_LOADER_CLASS = "spiders.loader.CatalogueLoader"
MONADI_CATALOGUE = str(_configuration.catalogue) if _configuration.catalogue else None
MONADI_ALLOW_HOSTS = _configuration.allow_hosts
MONADI_DATA = str(_configuration.data)
MONADI_CONTACT = _configuration.contact
MONADI_IMAGES = _configuration.images == "on"

# Who we are, for the people whose sites we read
USER_AGENT = f"Monadi/{MONADI_VERSION} (news archive; {_configuration.contact or 'no contact given'})"
ROBOTSTXT_OBEY = True  # by spiders.politeness.robots; Scrapy's own takes a robots.txt that cannot be had for leave
WARN_ON_GENERATOR_RETURN_VALUE = False  # our callbacks return nothing; it would parse their source at each answer

# How fast, where a source does not say it
MONADI_DELAY = 1.0  # seconds between two requests that start at a host, and more when it is slow
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 2
MONADI_TLS = "verify"

# Where requests may go, and what may stand in their way
DOWNLOAD_HANDLERS = dict.fromkeys(("data", "file", "ftp", "s3")) | dict.fromkeys(
    ("http", "https"), "spiders.politeness.handler.GuestHandler"
)
DOWNLOADER_MIDDLEWARES_BASE = _but_for(
    default_settings.DOWNLOADER_MIDDLEWARES_BASE,
    *("OffsiteMiddleware", "RobotsTxtMiddleware", "HttpCompressionMiddleware", "RedirectMiddleware"),  # ours are below
    "CookiesMiddleware",  # releases are public; and it would fetch a list of suffixes from elsewhere
    "HttpProxyMiddleware",  # a proxy would resolve names itself, past the guard
    "MetaRefreshMiddleware",  # portals refresh their front page every few minutes, and in a body it is text
    "DownloaderStats",  # writes every request and answer out once more to count their bytes
)
DOWNLOADER_MIDDLEWARES = {
    "spiders.guard.GuardMiddleware": 40,  # before anything is fetched, robots.txt too
    "spiders.politeness.gates.OffsiteMiddleware": 50,
    "spiders.politeness.robots.RobotsMiddleware": 100,
    "spiders.politeness.coding.CodingMiddleware": 590,
    "spiders.politeness.gates.WallMiddleware": 585,  # after decompression, before a challenge's 503 would be retried
    "spiders.politeness.gates.RedirectMiddleware": 600,
    "spiders.politeness.gates.GateMiddleware": 650,  # before redirects
    "spiders.capture.CaptureMiddleware": 900,  # what is kept is as it came
}
SPIDER_MIDDLEWARES_BASE = _but_for(
    default_settings.SPIDER_MIDDLEWARES_BASE,
    "RefererMiddleware",
    "UrlLengthMiddleware",  # passes over releases under long Persian slugs; see spiders.bounds
    "DepthMiddleware",  # counts what nothing here is limited by
    "MetaCopyDetectionMiddleware",  # warns who writes spiders
)
TWISTED_DNS_RESOLVER = "spiders.guard.GuardedResolver"
DOWNLOAD_VERIFY_CERTIFICATES = True  # see spiders.politeness.tls
REDIRECT_MAX_TIMES = 5  # to https, to www, to a language, to a slug, and one more
MONADI_PORTS = (80, 443)  # and those that a source states: what answers at others of its host is no newsroom

# How much and how long
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # bytes, as they come and once they are decoded; a release's page is 100 KB
DOWNLOAD_WARNSIZE = 0
MONADI_RATIO = 200  # times that coding may save; of markup it saves 5 to 50
MONADI_HEAD = 256 * 1024  # bytes of an answer's headers in all; browsers take as many, and servers send 1 KB
MONADI_HEADERS = 1_000  # of them; two hundred cookies pass
DOWNLOAD_TIMEOUT = 30  # seconds, from the connection to the last byte
MONADI_IDLE = 10  # seconds between two pieces of an answer that has begun; offices' lines stop for two or three
MONADI_PAGES = 50_000  # of releases in one run: the largest newsrooms have as many, and the next run goes on
MONADI_LISTS = 10_000  # pages of lists in one run, whatever leads to them: a calendar has no end
MONADI_VOLUME = 16 * 1024**3  # bytes that a run reads in all; 50,000 pages of 100 KB are a third of it
RETRY_TIMES = 2
RETRY_EXCEPTIONS = [
    error for error in default_settings.RETRY_EXCEPTIONS if error != "scrapy.exceptions.CannotResolveHostError"
]  # the resolver has tried again by itself
CONCURRENT_REQUESTS = 32
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"  # a crawl has one host; the other one weighs many
CONCURRENT_ITEMS = 1  # a response starts as many tasks: 100, the default, cost more than reading the page
ITEM_PIPELINES = {"spiders.pipelines.ArchivePipeline": 100}

EXTENSIONS_BASE = _but_for(default_settings.EXTENSIONS_BASE, "RemoteControl", "TelnetConsole")  # doors into the process

STATS_CLASS = "spiders.stats.Stats"  # what is counted of a crawl is in the archive

LOG_LEVEL = "INFO"
