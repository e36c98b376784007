"""What the work of a killed process may ask for, loaded once into the fork server: who tells people of something makes
addresses for it, and to load all of them takes two seconds of a processor."""

from django.conf import settings
from django.urls import get_resolver

# what tests begin with, and hand to such a process
import tests.conftest  # noqa: F401

for routes in (settings.ROOT_URLCONF, *settings.HALL_URLCONFS.values()):
    # who asks for the names of all levels has them loaded
    len(get_resolver(routes).reverse_dict)
