"""The program's settings, and a county hall as large as those to come: 41 tables (benchmarks/dummy_apps)."""

from config.settings import *  # noqa: F403 - Django's settings are a module's names
from config.settings import HALL_APPS, INSTALLED_APPS, TENANT_TYPES

HALL_APPS = HALL_APPS | {"county": [*HALL_APPS["county"], "benchmarks.dummy_apps"]}
INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.dummy_apps"]
TENANT_TYPES = TENANT_TYPES | {"county": TENANT_TYPES["county"] | {"APPS": HALL_APPS["county"]}}
