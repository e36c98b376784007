"""The program's own settings, but for one: thousands of passwords are hashed here, each of which would take 0.3 s."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from config.settings import *  # noqa: F403 - all of them


class QuickHasher(PBKDF2PasswordHasher):
    """The same words in the database: what it wrote, the program's own reads."""

    iterations = 1_000


PASSWORD_HASHERS = ["tests.settings.QuickHasher"]
