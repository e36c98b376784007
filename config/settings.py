"""All settings, read once from the environment. docs/guides/operator.md has the table of variables."""

from pathlib import Path

from django.utils.csp import CSP

from config import environment
from config.databases import chosen_databases
from config.flow_systems import read_flow_systems
from foundation.crypto.keyring import read_index_key, read_keys
from foundation.embedded_services import seaweed
from foundation.embedded_services.secrets import load_keeper_secrets, load_secrets

ROOT = Path(__file__).resolve().parent.parent

# what is wrong with variables is told at the end, all at once
environment.collect_faults()

# -- where the embedded parts keep their data, and what they agreed on at first start
VAR = environment.var_folder()
_kept = load_secrets(VAR)

POSTGRES_PORT = environment.integer("YIZHAN_POSTGRES_PORT", 25432, least=1, most=65535)
VALKEY_PORT = environment.integer("YIZHAN_VALKEY_PORT", 26379, least=1, most=65535)
S3_PORT = environment.integer("YIZHAN_S3_PORT", 28333, least=1, most=65535)
WEB_PORT = environment.integer("YIZHAN_WEB_PORT", 8000, least=1, most=65535)
WEB_HOST = environment.text("YIZHAN_WEB_HOST", "127.0.0.1")
# where the web server listens, behind the proxy of this machine
WEB_SOCKET = VAR / "run" / "web.sock"

# the demo's people sign in by one click; how much of a month is lived there (config.demo.month)
DEMO = environment.flag("YIZHAN_DEMO", default=False)
DEMO_CASES = environment.integer("YIZHAN_DEMO_CASES", 2_300, most=2_700)
SECRET_KEY = environment.text("SECRET_KEY", _kept.secret_key if _kept else None)
DEBUG = environment.flag("DEBUG", default=False)
# what the audit chain's keys follow from; before SECRET_KEY is changed, its former value is set here
AUDIT_KEY = environment.text("AUDIT_KEY", SECRET_KEY)
# what archives of halls are signed with; an archive of another server is taken where this is that server's
BACKUP_KEY = environment.text("BACKUP_KEY", AUDIT_KEY)
# where everything is backed up to, continuously: a folder on another machine's disk; empty: nothing is
BACKUP_FOLDER = environment.folder("BACKUP_FOLDER")
# the certificate of those who may open the sealed keys, as `yizhan backup key` makes it
BACKUP_RECIPIENT = environment.text("BACKUP_RECIPIENT", "")
# for how long backups are kept, in days
BACKUP_KEEP_DAYS = environment.integer("BACKUP_KEEP_DAYS", 30, least=7, most=3650)
# a file outside the database, where every sealing of the audit is told
AUDIT_WITNESS = Path(environment.text("AUDIT_WITNESS", str(VAR / "witness" / "audit.jsonl"))).absolute()
# keys of personal data (foundation/crypto): read here so that nonsense stops the program at once
PERSONAL_KEYS = environment.text("PERSONAL_KEYS", _kept.personal_keys if _kept else "")
PERSONAL_INDEX_KEY = environment.text("PERSONAL_INDEX_KEY", _kept.personal_index_key if _kept else "")
environment.check("PERSONAL_KEYS", read_keys, PERSONAL_KEYS)
environment.check("PERSONAL_INDEX_KEY", read_index_key, PERSONAL_INDEX_KEY)

# -- hosts: the province answers at the base domain, each hall at a name below it
BASE_DOMAIN = environment.host_name("BASE_DOMAIN", "yizhan.localhost")
PUBLIC_SCHEME = environment.choice("PUBLIC_SCHEME", "http", of={"http", "https"})
PUBLIC_PORT = environment.integer("PUBLIC_PORT", WEB_PORT, least=1, most=65535)
# host:port where our own sites are fetched for proofs; empty: as any reader would, through DNS
SITE_FETCH_ADDRESS = environment.text("SITE_FETCH_ADDRESS", f"127.0.0.1:{WEB_PORT}")
# an unknown host is answered by our own neutral 404
ALLOWED_HOSTS = ["*"]
PROVINCE_CODE = environment.text("PROVINCE_CODE", "42")
PROVINCE_NAME = environment.text("PROVINCE_NAME", "湖北省")
# what stands at the foot of the province's own portal
PROVINCE_ORGANISER = environment.text("PROVINCE_ORGANISER", "")
PROVINCE_SITE_CODE = environment.text("PROVINCE_SITE_CODE", "")
PROVINCE_ICP_NUMBER = environment.text("PROVINCE_ICP_NUMBER", "")
PROVINCE_POLICE_NUMBER = environment.text("PROVINCE_POLICE_NUMBER", "")
# the form of its local codes of items, by its name in standards/items/local_codes.yaml; empty: any
LOCAL_CODE_RULE = environment.text("LOCAL_CODE_RULE", "")
# fonts of documents in place of Noto's, by family; rare: for letters that the others lack
DOCUMENT_FONTS = environment.font_files("DOCUMENT_FONTS", of=("song", "fang", "kai", "hei", "biao", "rare"))

# -- applications: the public schema's, and those of each kind of hall
SHARED_APPS = [
    "django_tenants",
    "foundation.events",
    "foundation.idempotency",
    "foundation.files",
    "foundation.crypto",
    "foundation.sealing",
    "foundation.design",
    "province.audit",
    "province.rights",
    "province.console",
    "province.halls",
    "province.people",
    "province.sign_in",
    "province.citizens",
    "province.workdays",
    "province.messaging",
    "province.designers",
    "province.catalogue",
    "province.opinion",
    "province.cases",
    "province.satisfaction",
    "province.registries",
    "province.document_templates",
    "province.search",
    "province.content",
    "province.front",
    "provisioning",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
]
# those of halls stand in the order in which their parts do on halls' pages; a kind may have fewer than another
_EVERY_HALL = [
    "tenants.shell",
    "tenants.portal",
    "tenants.citizen_pages",
    "tenants.services",
    "tenants.engagement",
    "tenants.assistance",
]
_CASES = [f"tenants.{app}" for app in ("documents", "licences", "workflow", "duty", "casework", "fees", "ratings")]
_ABOVE_OTHERS = [*_EVERY_HALL, *_CASES, "tenants.lower_halls"]
HALL_APPS: dict[str, list[str]] = {
    "city": [*_ABOVE_OTHERS],
    "county": [*_ABOVE_OTHERS],
    "township": [*_ABOVE_OTHERS],
    "village": [*_EVERY_HALL],
}
INSTALLED_APPS = [*SHARED_APPS, *dict.fromkeys(app for apps in HALL_APPS.values() for app in apps)]

HAS_MULTI_TYPE_TENANTS = True
MULTI_TYPE_DATABASE_FIELD = "kind"
# routes are chosen by config.middleware.HostRouter
TENANT_TYPES = {
    "public": {"APPS": SHARED_APPS, "URLCONF": ""},
    **{kind: {"APPS": apps, "URLCONF": ""} for kind, apps in HALL_APPS.items()},
}
TENANT_MODEL = "halls.Hall"
TENANT_DOMAIN_MODEL = "halls.HallDomain"
# one SET search_path per request, not per query
TENANT_LIMIT_SET_CALLS = True
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
# a connection that touched more hall schemas than this is closed: 0.2-0.9 MB each stay in its backend, and every thread
# of the web server has one
SCHEMAS_PER_CONNECTION = environment.integer("YIZHAN_SCHEMAS_PER_CONNECTION", 20 if DEMO else 50, least=1)

# whether this process makes and changes tables (`yizhan up`, `yizhan halls`, the builder): it signs in as their owner.
# All others read and write rows alone, and are not handed the owner's password
AS_OWNER = environment.flag("YIZHAN_AS_OWNER", default=False)
_keeper = load_keeper_secrets(VAR) if AS_OWNER else None
_databases = chosen_databases(POSTGRES_PORT, _kept, _keeper, as_owner=AS_OWNER)
DATABASES = {"default": _databases.default}
# whom the owner lets read and write
APPLICATION_ROLE = _databases.application_role
# PgBouncer in transaction mode before it, for all but the owner and what is held for longer than a transaction, which
# go straight to the database (foundation.advisory_lock)
DATABASE_DIRECT = _databases.direct
BACKUP_DATABASE = _databases.backup
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- search: Elasticsearch, where its address is set; else PostgreSQL
ELASTICSEARCH_URL = environment.engine("ELASTICSEARCH_URL")
ELASTICSEARCH_API_KEY = environment.text("ELASTICSEARCH_API_KEY", "")
# begins the names of its indexes, where several installations share a server
ELASTICSEARCH_PREFIX = environment.text("ELASTICSEARCH_PREFIX", "yizhan")

# -- broker and tasks
BROKER_URL = environment.text(
    "BROKER_URL", f"redis://:{_kept.broker_password if _kept else ''}@127.0.0.1:{VALKEY_PORT}/0"
)
# a task whose worker was killed is given out again after so many seconds; longer than any task may take
TASK_RETURN_SECONDS = environment.integer("YIZHAN_TASK_RETURN_SECONDS", 300, least=1)

# -- how much one may ask for in a minute: by account, by address; "off" counts nothing
RATE_LIMITS = environment.limits(
    "RATE_LIMITS",
    # a paper may cost a second of a core; who checks documents has a few
    {"sign-in": (0, 120), "search": (120, 1200), "writes": (300, 3000), "api": (1200, 6000)}
    | dict.fromkeys(("papers", "verify"), (0, 60)),
)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": BROKER_URL,
        "KEY_PREFIX": "yizhan",
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
}
# addresses or networks whose X-Forwarded-For and -Proto are believed: a proxy on this machine unless told otherwise
PROXY_ADDRESSES = environment.networks("PROXY_ADDRESSES", "127.0.0.1 ::1" if PUBLIC_SCHEME == "https" else "")

# who may ask /readyz and /metrics
MONITOR_ADDRESSES = environment.networks("MONITOR_ADDRESSES", "127.0.0.1 ::1")

# -- accounts outside
# host names in our own network that connectors may send to all the same
CHANNEL_ALLOWED_HOSTS = environment.text("CHANNEL_ALLOWED_HOSTS", "").split()
# PEM or base64url; empty: one that follows from SECRET_KEY
WEBPUSH_PRIVATE_KEY = environment.text("WEBPUSH_PRIVATE_KEY", "")
WEBPUSH_CONTACT = environment.text("WEBPUSH_CONTACT", f"mailto:webmaster@{BASE_DOMAIN}")
# where the platforms of media accounts answer; another address stands for a sandbox or a proxy of one's own
MEDIA_PLATFORMS = {
    "wechat": environment.outside("WECHAT_MEDIA", ids=set(), addresses={"URL": "https://api.weixin.qq.com"})["URL"],
    "weibo": environment.outside("WEIBO_MEDIA", ids=set(), addresses={"URL": "https://api.weibo.com"})["URL"],
}

# -- citizens
# "local" stands in for the outside world (development and demo): messages go to /outbox/, and who gives a well-formed
# number and name is believed
IS_FOR_THIS_MACHINE = environment.is_for_this_machine(domain=BASE_DOMAIN, listening=WEB_HOST)
_stand_in = "local" if IS_FOR_THIS_MACHINE else ""
# "http" is the province's own bridge in front of its vendor (docs/guides/bridges.md)
MESSAGE_GATEWAY = environment.choice("MESSAGE_GATEWAY", _stand_in, of={"", "local", "http"})
MESSAGE_GATEWAY_URL, MESSAGE_GATEWAY_KEY = environment.bridge("MESSAGE_GATEWAY", is_chosen=MESSAGE_GATEWAY == "http")
# how messages are signed (短信签名), and the carrier's numbers of its templates (模板编号) by kind
MESSAGE_SIGNATURE = environment.text("MESSAGE_SIGNATURE", f"{PROVINCE_NAME}政务服务")
MESSAGE_TEMPLATES = environment.pairs("MESSAGE_TEMPLATES", of=environment.MESSAGE_KINDS)
IDENTITY_VERIFIER = environment.choice("IDENTITY_VERIFIER", _stand_in, of={"", "local", "http"})
IDENTITY_VERIFIER_URL, IDENTITY_VERIFIER_KEY = environment.bridge(
    "IDENTITY_VERIFIER", is_chosen=IDENTITY_VERIFIER == "http"
)
PAYMENTS = environment.choice("PAYMENTS", "", of={"", "http"})
PAYMENTS_URL, PAYMENTS_KEY = environment.bridge("PAYMENTS", is_chosen=PAYMENTS == "http")
BRIDGE_SIGNATURE = environment.choice("BRIDGE_SIGNATURE", "sm3", of={"sm3", "sha256"})
# what flows may ask of systems outside (docs/guides/flow-systems.md)
FLOW_SYSTEMS = read_flow_systems("FLOW_SYSTEMS", "FLOW_SYSTEM_KEYS")
# accounts elsewhere by which citizens may sign in (docs/guides/outside-accounts.md), each where its ids are set
OUTSIDE = {
    "wechat": environment.outside(
        "WECHAT",
        ids={"APP_ID", "APP_SECRET", "MP_APP_ID", "MP_APP_SECRET"},
        addresses={"OPEN_URL": "https://open.weixin.qq.com", "API_URL": "https://api.weixin.qq.com"},
    ),
    "alipay": environment.outside(
        "ALIPAY",
        ids={"APP_ID", "PRIVATE_KEY", "PUBLIC_KEY"},
        addresses={"OPEN_URL": "https://openauth.alipay.com", "GATEWAY_URL": "https://openapi.alipay.com/gateway.do"},
    ),
    "national": environment.outside("NATIONAL", ids={"CLIENT_ID", "CLIENT_SECRET"}, addresses={"ISSUER": ""}),
}
_chosen = {"MESSAGE_GATEWAY": MESSAGE_GATEWAY, "IDENTITY_VERIFIER": IDENTITY_VERIFIER}
_chosen |= {"YIZHAN_DEMO": "1" if DEMO else "", "DEBUG": "1" if DEBUG else ""}
for _name, _value in _chosen.items():
    if _value in {"local", "1"}:
        environment.refuse_stand_in(_name, _value, domain=BASE_DOMAIN, listening=WEB_HOST)

# -- object store
S3_ENDPOINT = environment.text("S3_ENDPOINT", f"http://127.0.0.1:{S3_PORT}")
# where browsers fetch files of the embedded store: a name of its own, at which the proxy lets nobody do more than read
FILES_HOST = f"files.{BASE_DOMAIN}"
_usual_port = {"http": 80, "https": 443}.get(PUBLIC_SCHEME) == PUBLIC_PORT
_files_origin = f"{PUBLIC_SCHEME}://{FILES_HOST}" + ("" if _usual_port else f":{PUBLIC_PORT}")
# where browsers reach the store
S3_PUBLIC_ENDPOINT = environment.text(
    "S3_PUBLIC_ENDPOINT", S3_ENDPOINT if environment.is_set("S3_ENDPOINT") else _files_origin
)
# the embedded store's file system, where each folder's own key is made known; another store has its own administrator
S3_FILER_ENDPOINT = environment.text(
    "S3_FILER_ENDPOINT", f"http://127.0.0.1:{S3_PORT + 3}" if f"http://127.0.0.1:{S3_PORT}" == S3_ENDPOINT else ""
)
# who makes halls makes the bucket and folders' keys as well; all others work in the bucket and can do nothing else
_embedded_key = (_kept.s3_access_key, _kept.s3_secret_key) if _kept else ("", "")
if _keeper:
    _embedded_key = (_keeper.s3_root_access_key, _keeper.s3_root_secret_key)
S3_ACCESS_KEY = environment.text("S3_ACCESS_KEY", _embedded_key[0])
S3_SECRET_KEY = environment.text("S3_SECRET_KEY", _embedded_key[1])
# what requests to the filer are signed with; empty: they are not
if environment.is_set("S3_ENDPOINT"):
    # the embedded store's keys open no other
    environment.demand(["S3_ACCESS_KEY", "S3_SECRET_KEY"])
S3_FILER_KEY = environment.text("S3_FILER_KEY", seaweed.filer_key(_keeper.store_key) if _keeper else "")
S3_BUCKET = environment.text("S3_BUCKET", "yizhan")
# the province's folders in it, in which the application's own key works: each hall's has a key of its own
STORE_FOLDERS = ("desks", "catalogue", "catalogue-imports", "document-templates")
# where every sealing of the audit is told a second time, in objects that nobody can remove (foundation.files.locked)
AUDIT_BUCKET = environment.text("AUDIT_BUCKET", f"{S3_BUCKET}-audit")
S3_REGION = environment.text("S3_REGION", "us-east-1")
UPLOAD_LIMIT = environment.integer("YIZHAN_UPLOAD_LIMIT", 50 * 1024 * 1024, least=1024)
BODY_LIMIT = UPLOAD_LIMIT + 10 * 1024 * 1024  # a form's other fields stand around its file
# clamd, which every upload is shown to: host:port or the path of its socket; empty: there is none
CLAMAV_ADDRESS = environment.address("CLAMAV_ADDRESS")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_500  # an item's form with all its lists full

# -- web
# processes (a second costs 80 MB), threads of each, and how many may wait for large bodies; the others are for pages
WEB_PROCESSES, WEB_THREADS = 1 if DEMO else 2, 16
BODIES_AT_ONCE = 8
# of the processes that look into what people sent: readers come first where processors are few
CONFINED_NICENESS = 15
# how many of them may wait for the object store at once
STORE_CALLS_AT_ONCE = 4
ROOT_URLCONF = "config.urls_province"
# what every hall's host answers whatever its kind, and what those of each kind answer
EVERY_HALL_URLCONF = "config.urls_hall"
HALL_URLCONFS = {kind: f"config.urls_hall.{kind}" for kind in HALL_APPS}
WSGI_APPLICATION = "config.wsgi.application"
MIDDLEWARE = [
    "config.metrics.RequestFigures",
    "config.middleware.RequestFrame",
    # around everything, so that the answers of kept pages, unknown hosts and static files wear them, too
    "config.security_headers.ClientAddress",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "config.security_headers.AnswerHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.HostRouter",
    "tenants.shell.page_cache.PageCache",
    "config.security_headers.BodySlots",
    "config.middleware.HallSchemaMiddleware",
    "config.middleware.RequestSize",
    "config.sessions.HostSessions",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.middleware.SignedIn",
    "config.middleware.ActorOfSession",
    "config.security_headers.RateLimits",
    "config.security_headers.UsableText",
    "config.middleware.PreviewGuard",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.ErrorPages",
    "config.middleware.FreshProof",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["foundation.design.templatetags.design"],
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
# before collectstatic has run (tests, checks) files are served as they lie in the apps
_is_collected = (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not _is_collected
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _is_collected
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

AUTH_USER_MODEL = "people.Account"
PASSWORD_HASHERS = ["foundation.crypto.passwords.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# staff give a second factor; without it a password alone signs in people who have not set one up
SECOND_FACTOR_REQUIRED = environment.flag("SECOND_FACTOR_REQUIRED", default=True)
if DEMO:
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("config.demo.sign_in.demo_cast")  # type: ignore[index]
LOGIN_URL, LOGIN_REDIRECT_URL = "/sign-in/", "/"

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:", S3_PUBLIC_ENDPOINT],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
    "frame-src": [CSP.SELF],
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# a hall's domain may have names below it that belong to others: they are left alone
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PUBLIC_SCHEME == "https" else 0
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_SCHEME == "https"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
# browsers take such a name only over TLS, from this very host, for all of its pages
COOKIE_PREFIX = "__Host-" if PUBLIC_SCHEME == "https" else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_FAILURE_VIEW = "config.middleware.form_without_token"

# -- language and time
# an NTP server, which the doctor compares this machine's clock with: host or host:port
TIME_SERVER = environment.text("TIME_SERVER", "")
LANGUAGE_CODE = "zh-hans"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
DATE_FORMAT = "Y年n月j日"

# where errors are reported (config/sentry.py); empty: nowhere but the log
SENTRY_DSN = environment.web_address("SENTRY_DSN")
# where traces go (config/tracing.py), by what OpenTelemetry calls it; empty: nowhere
TRACES = environment.traces()

LOG_LEVEL = environment.choice("LOG_LEVEL", "INFO", of={"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # they tell dozens of lines of every paper that is written, and of every step of a flow
    "loggers": {name: {"level": "WARNING"} for name in ("fontTools", "spiff")},
}

environment.refuse_faults()
