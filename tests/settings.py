"""The program's own settings, but for two: thousands of passwords are hashed here, each of which would take 0.3 s; and
the tests' connection, which has the application's role, can step out of it to make halls (``tests.roles.as_owner``).
"""

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from config.settings import *  # noqa: F403 - all of them


class QuickHasher(PBKDF2PasswordHasher):
    """Writes hashes in the format of the program's own hasher, which can read them."""

    iterations = 1_000


if not AS_OWNER:  # noqa: F405
    DATABASES["default"] |= {  # noqa: F405
        **environment.database("DATABASE_OWNER_URL", ""),  # noqa: F405
        "OPTIONS": {**DATABASES["default"]["OPTIONS"], "assume_role": APPLICATION_ROLE},  # type: ignore[dict-item]  # noqa: F405
    }
PASSWORD_HASHERS = ["tests.settings.QuickHasher"]
