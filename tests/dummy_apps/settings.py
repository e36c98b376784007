"""The tests' settings with one line more in each list of apps."""

from config.settings import HALL_APPS, INSTALLED_APPS, SHARED_APPS
from tests.settings import *  # noqa: F403 - Django's settings are a module's names

SHARED_APPS.append("tests.dummy_apps.notices")
HALL_APPS["county"].append("tests.dummy_apps.notes")
INSTALLED_APPS += ["tests.dummy_apps.notices", "tests.dummy_apps.notes"]
