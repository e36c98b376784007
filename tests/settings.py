"""The program's own settings, but for five: thousands of passwords are hashed here, each of which would take 0.05 s;
what people send is looked into by processes that let readers go first, and here the test waits for them; the tests'
connection, which has the application's role, can step out of it to make halls (``tests.roles.as_owner``); what is
kept and counted in Valkey is each worker's own, as its database is; and a browser keeps static files for an hour.
"""

import os

from config.settings import *  # noqa: F403 - all of them
from foundation.crypto.passwords import PasswordHasher


class QuickHasher(PasswordHasher):
    """Writes hashes in the format of the program's own hasher, which can read them."""

    time_cost = 1
    memory_cost = 8


if not AS_OWNER:  # noqa: F405
    DATABASES["default"] |= {  # noqa: F405
        **environment.database("DATABASE_OWNER_URL", ""),  # noqa: F405
        "OPTIONS": {**DATABASES["default"]["OPTIONS"], "assume_role": APPLICATION_ROLE},  # type: ignore[dict-item]  # noqa: F405
    }
CACHES["default"]["KEY_PREFIX"] = DATABASES["default"]["NAME"]  # noqa: F405
PASSWORD_HASHERS = ["tests.settings.QuickHasher"]
CONFINED_NICENESS = 0
# a web server that browsers ask (tests.browsing): all that a page loads would be looked for in every app, page by page
if os.environ.get("YIZHAN_TEST_KEEPS_STATIC"):
    WHITENOISE_AUTOREFRESH, WHITENOISE_MAX_AGE = False, 3600
