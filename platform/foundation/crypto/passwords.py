"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane, the least that OWASP's Password Storage Cheat Sheet takes.

    Django's own setting takes 100 MiB and eight threads for each sign-in, more than a web server has where a province
    signs in at half past eight. PBKDF2 of equal strength takes ten times the processor's time.
    """

    time_cost = 2
    # KiB
    memory_cost = 19 * 1024
    parallelism = 1
