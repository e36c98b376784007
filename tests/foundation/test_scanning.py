from collections.abc import Iterator
from io import BytesIO

import pytest
from pytest_django import Settings

from foundation.errors import Invalid, Unavailable
from foundation.files import scanning
from foundation.files.store import StoredFacts, store_file
from tests.factories.documents import pdf
from tests.factories.files import picture
from tests.scanner import VIRUS, FakeScanner, clamd, fake_scanner
from tests.servers import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]


def put(content: bytes, name: str = "说明.txt") -> StoredFacts:
    return store_file(folder="tests/scanned", name=name, content=BytesIO(content))


@pytest.fixture(scope="module")
def real_scanner() -> Iterator[str]:
    with clamd() as address:
        yield address


class TestClamd:
    """The real one."""

    @pytest.fixture(autouse=True)
    def _scanner(self, settings: Settings, real_scanner: str) -> None:
        settings.CLAMAV_ADDRESS = real_scanner

    def test_passes_what_it_does_not_know(self) -> None:
        assert put("办理说明".encode()).size == 12
        assert put(pdf(), "通知.pdf").size
        assert put(picture().getvalue(), "图.jpg").width == 1200

    def test_finds_a_virus_and_names_it(self) -> None:
        with pytest.raises(Invalid, match=r"Yizhan\.Tests"):
            put(b"a" * 700_000 + VIRUS)

    def test_finds_it_in_a_picture_before_the_picture_is_made_anew(self) -> None:
        with pytest.raises(Invalid, match=r"Yizhan\.Tests"):
            put(picture().getvalue() + VIRUS, "图.jpg")

    def test_that_takes_no_more_is_no_leave_to_keep_it(self) -> None:
        with pytest.raises(Unavailable, match="文件没有保存"):
            put(b"a" * 3_000_000)


class TestScanner:
    """What a scanner may do besides: by one that is told to."""

    @pytest.fixture
    def scanner(self, settings: Settings) -> Iterator[FakeScanner]:
        with fake_scanner() as scanner:
            settings.CLAMAV_ADDRESS = scanner.address
            yield scanner

    def test_is_shown_the_whole_file_as_it_came(self, scanner: FakeScanner) -> None:
        content = b"abc\n" * 200_000
        put(content)
        assert scanner.got == [content]

    @pytest.mark.parametrize(
        "says",
        [
            b"",
            b"\0",
            b"stream: OK",
            b"stream: ",
            b"OK\0",
            b"stream: OK and more\0",
            b"stream: x ERROR\0",
            b"UNKNOWN COMMAND\0",
            b"\xff" * 5_000,
            b"x FOUND\0",
        ],
    )
    def test_that_says_anything_else_is_believed_nothing(self, scanner: FakeScanner, says: bytes) -> None:
        scanner.says = says
        with pytest.raises(Unavailable, match="文件没有保存"):
            put(b"abc")

    def test_that_hangs_up_in_the_middle_keeps_the_file_out(self, scanner: FakeScanner) -> None:
        scanner.most = 100_000
        with pytest.raises(Unavailable, match="文件没有保存"):
            put(b"a" * 9_000_000)

    def test_that_never_answers_is_not_waited_for(self, scanner: FakeScanner, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(scanning, "_PATIENCE", 0.5)
        scanner.is_silent = True
        with pytest.raises(Unavailable, match="文件没有保存"):
            put(b"abc")

    @pytest.mark.parametrize("address", ["127.0.0.1:{port}", "/nowhere/clamd.ctl"])
    def test_that_is_away_keeps_the_file_out(self, settings: Settings, address: str) -> None:
        settings.CLAMAV_ADDRESS = address.format(port=free_port())
        with pytest.raises(Unavailable, match="文件没有保存"):
            put(b"abc")
