"""What every Django that is measured beside us is given: a database on the same PostgreSQL."""

import os
from urllib.parse import urlsplit

_place = urlsplit(os.environ["DATABASE_URL"])

SECRET_KEY = os.environ["SECRET_KEY"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _place.path.strip("/"),
        "USER": _place.username,
        "PASSWORD": _place.password,
        "HOST": _place.hostname,
        "PORT": _place.port,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
