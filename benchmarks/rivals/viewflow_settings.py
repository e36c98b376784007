"""A Django with viewflow in it, as its guide sets it up, as far as runs and steps go."""

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
INSTALLED_APPS = [
    "viewflow",
    "viewflow.workflow",
    "viewflow_steps",
    "django.contrib.auth",
    "django.contrib.contenttypes",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
