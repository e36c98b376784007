"""A Django with viewflow in it, as its guide sets it up, as far as runs and steps go."""

from rival_settings import *  # noqa: F403 - all of them

INSTALLED_APPS = [
    "viewflow",
    "viewflow.workflow",
    "viewflow_steps",
    "django.contrib.auth",
    "django.contrib.contenttypes",
]
