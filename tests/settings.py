"""The program's own settings, but for one: thousands of passwords are hashed here, each of which would take 0.3 s."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from config.settings import *  # noqa: F403 - all of them


class QuickHasher(PBKDF2PasswordHasher):
    """Writes hashes in the format of the program's own hasher, which can read them."""

    iterations = 1_000


PASSWORD_HASHERS = ["tests.settings.QuickHasher"]
