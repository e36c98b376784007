"""A database per worker cloned from the template; two halls and their people by name (tests/factories/halls.py)."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import connection
from django.dispatch import receiver
from django.http import HttpRequest
from pytest_django.plugin import DjangoDbBlocker

from foundation.errors import Unavailable
from foundation.files.store import store_file
from province.halls.models import Hall
from province.identity.models import Account, Actor, Factor
from province.identity.operations.sessions import begin_session
from province.identity.queries.rights import actor_of
from province.identity.queries.sessions import KEY
from tests.browsing import _web_server, browser, live_site, page_at  # noqa: F401 - fixtures
from tests.plugin import clone_database
from tests.servers import wait_until


@pytest.fixture(scope="session")
def django_db_setup() -> Iterator[None]:
    """The worker's own database, in place of the one pytest-django would migrate."""
    clone_database(settings.DATABASES["default"]["NAME"])
    yield
    connection.close()


@pytest.fixture
def fresh_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of the test's own, for what commits: threads, processes, DDL, a live web server.

    Cloned anew before and afterwards, so that nothing reaches the next test. Do not use it with ``django_db``.
    """
    name = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        clone_database(name)
        yield
        connection.close()
        clone_database(name)


@pytest.fixture(scope="session")
def object_store() -> None:
    """The object store, which answers some seconds after the tests began."""

    def answers() -> bool:
        try:
            store_file(folder="tests/probe", name="probe.txt", content=BytesIO(b"probe"))
        except Unavailable:
            return False
        return True

    wait_until(answers, what="the store's start")


@pytest.fixture
def north() -> Hall:
    return Hall.objects.get(slug="north")


@pytest.fixture
def south() -> Hall:
    return Hall.objects.get(slug="south")


@receiver(user_logged_in)
def _begin_sign_in(request: HttpRequest, user: Account, **_: object) -> None:
    """``force_login`` signs in past our own pages: it gets the sign-in that those would have begun."""
    if KEY not in request.session:
        begun = begin_session(account=user, factor=Factor.PASSWORD, address="127.0.0.1", agent="")
        request.session[KEY] = str(begun.pk)


def person(username: str) -> Actor:
    """One of the cast, as operations see them (``by=``)."""
    return actor_of(Account.objects.get(username=username))
