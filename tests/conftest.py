"""A database per worker cloned from the template; two halls and their people by name (tests/factories/halls.py)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import connection, transaction
from django.dispatch import receiver
from django.http import HttpRequest
from pytest_django.plugin import DjangoDbBlocker

from config.logs import configure_logs
from foundation.errors import Unavailable
from foundation.files.credentials import await_key, open_folders
from foundation.files.keys import folder_key, forget_keys
from foundation.files.store import FileInStore, make_bucket, put_as_owner
from province.halls.models import Hall
from province.people.models import Account
from province.people.queries.actors import actor_of
from province.rights.actors import Actor
from province.sign_in.models import Factor
from province.sign_in.operations.sessions import begin_session
from province.sign_in.queries.sessions import KEY
from standards.items.live import hold_additions
from tests import audit_words
from tests.browsing import _web_server, browser, live_site, page_at, playwright, whole_browser  # noqa: F401 - fixtures
from tests.definition import AS_BEGUN
from tests.document_kinds import state_notice
from tests.host_sessions import keep_sessions_of_tests
from tests.plugin import await_servers, clone_database
from tests.servers import filer_answers, wait_until

# as the programs log: structlog by itself draws each trace with all that its frames hold, in colours, for seconds
configure_logs()
keep_sessions_of_tests()
state_notice()
# tests are collected without anything that a province has added
hold_additions(AS_BEGUN)


@pytest.fixture(autouse=True)
def _no_element_added() -> None:
    """Each test begins without anything that a province has added; the last one's requests may have looked for it."""
    hold_additions(AS_BEGUN)


class _Database:
    """The worker's own: cloned from the template only where the last test left something in it."""

    was_made = is_clean = False
    # of the file whose tests share what is in it
    shared_in: ModuleType | None = None

    @classmethod
    def clean(cls) -> None:
        if not cls.is_clean:
            connection.close()
            clone_database(settings.DATABASES["default"]["NAME"])
            cls.was_made = cls.is_clean = True


@pytest.fixture(scope="session", autouse=True)
def _servers() -> None:
    """They start while tests are collected; the first test waits for them."""
    await_servers()


@pytest.fixture(scope="session")
def django_db_setup(_servers: None) -> Iterator[None]:
    """In place of the database that pytest-django would migrate."""
    _Database.clean()
    yield
    connection.close()


@pytest.fixture
def fresh_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of the test's own, for what commits: threads, processes, DDL, a live web server.

    The next test gets another one. Do not use it with ``django_db``.
    """
    with django_db_blocker.unblock():
        _Database.clean()
        _Database.is_clean = False
        yield
        connection.close()


@pytest.fixture(scope="module")
def file_database(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """One database for all tests of a file, of which none sees what another one changes: each reads, or changes what
    is its own. All tests of the file must use it, and none of them ``fresh_database`` or ``django_db``."""
    with django_db_blocker.unblock():
        _Database.clean()
        _Database.is_clean = False
        _Database.shared_in = request.module
        yield
        _Database.shared_in = None
        connection.close()


@contextmanager
def _rows(blocker: DjangoDbBlocker) -> Iterator[None]:
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def file_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What fixtures of the file make behind it, each of its tests finds as it was made: as ``django_db`` they take back
    what they change. All tests of the file must be that; none may use ``fresh_database``."""
    with _rows(django_db_blocker):
        yield


@pytest.fixture(scope="class")
def class_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """As ``file_rows``, for the tests of a class."""
    with _rows(django_db_blocker):
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """No test finds what another one committed."""
    uses_database = item.get_closest_marker("django_db") or "django_db_setup" in getattr(item, "fixturenames", ())
    is_shared = _Database.shared_in is not None and _Database.shared_in is getattr(item, "module", None)
    # the first one's is made with ``django_db_setup``, once the servers answer
    if uses_database and _Database.was_made and not is_shared:
        _Database.clean()


@pytest.fixture(scope="session")
def object_store(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The object store, which answers some seconds after the tests began and knows the keys of the cast's halls."""

    def answers() -> bool:
        try:
            make_bucket()
            put_as_owner(FileInStore("tests/probe.txt", "text/plain", b"probe"))
        except Unavailable:
            return False
        return True

    wait_until(answers, what="the store's start")
    with django_db_blocker.unblock():
        # the connection stays: it may be within what ``file_rows`` began
        folders = [hall.folder for hall in Hall.objects.all()]
    wait_until(filer_answers, what="the start of the store's filer")
    open_folders(folders)
    await_key(folders[-1], folder_key(folders[-1]))


@pytest.fixture(autouse=True)
def _log_ends_with_its_test() -> Iterator[None]:
    """A command that a test calls logs to that test's own stderr, which is closed when the next one's lines come."""
    root = logging.getLogger()
    before = root.handlers[:]
    yield
    for handler in root.handlers[:]:
        # pytest's own are of other classes, and come and go by themselves
        if type(handler) is logging.StreamHandler and handler not in before:
            root.removeHandler(handler)


@pytest.fixture(autouse=True)
def _keys_asked_for_anew() -> None:
    """A hall that another test made had another id under the same schema's name."""
    forget_keys()


@pytest.fixture
def north() -> Hall:
    return Hall.objects.get(slug="north")


@pytest.fixture
def south() -> Hall:
    return Hall.objects.get(slug="south")


@pytest.fixture(autouse=True)
def _audit_in_chinese(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test leaves in the audit what an auditor could not read, nor does what is made once for several."""
    if {"file_rows", "class_rows"}.isdisjoint(request.fixturenames):
        audit_words.unnamed.clear()
    yield
    unnamed = audit_words.unnamed.copy()
    audit_words.unnamed.clear()
    assert unnamed == set(), "the audit has no Chinese words for these"


@receiver(user_logged_in)
def _begin_sign_in(request: HttpRequest, user: Account, **_: object) -> None:
    """``force_login`` signs in past our own pages: it gets the sign-in that those would have begun."""
    if KEY not in request.session:
        begun = begin_session(account=user, factor=Factor.PASSWORD, address="127.0.0.1", agent="")
        request.session[KEY] = str(begun.pk)


def person(username: str) -> Actor:
    """One of the cast, as operations see them (``by=``)."""
    return actor_of(Account.objects.get(username=username))
