import io
import os
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from pytest_django import Settings

from config import settings as product
from foundation.confinement import MEGABYTE, Limits, confined, running
from foundation.errors import Fault, Invalid, Unavailable

TOO_MUCH = "内容太复杂，请分开提交。"


def run(work: str, content: Any = b"", limits: Limits | None = None, **options: Any) -> bytes:
    task = f"tests.confined_works:{work}"
    with confined(task, content, limits=limits or Limits(), too_much=TOO_MUCH, where="body", **options) as answer:
        return answer.read()


class TestConfined:
    def test_gives_the_answer_to_bytes_and_to_files(self) -> None:
        assert run("answer", "字".encode(), times=2) == "字字".encode()
        assert run("answer", io.BytesIO(b"x" * 3_000_000)) == b"x" * 3_000_000

    def test_carries_a_refusal_over(self) -> None:
        with pytest.raises(Invalid, match="第 3 行不对") as refused:
            run("refuse")
        assert refused.value.faults == (Fault("line 3", "第 3 行不对。"),)

    @pytest.mark.parametrize("work", ["work_without_end", "answer_without_end", "take_memory", "die"])
    def test_ends_what_takes_too_much_and_says_so(self, work: str) -> None:
        before = psutil.Process().memory_info().rss
        with pytest.raises(Invalid, match=TOO_MUCH) as refused:
            run(work, limits=Limits(answer=MEGABYTE))
        assert refused.value.faults == (Fault("body", TOO_MUCH),)
        assert psutil.Process().memory_info().rss - before < 100 * MEGABYTE

    def test_ends_what_only_waits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(running, "_LONGEST_TURN", -11.0)
        began = time.monotonic()
        with pytest.raises(Invalid, match=TOO_MUCH):
            run("sleep_without_end")
        assert time.monotonic() - began < 60

    def test_lets_nothing_be_written_into_files(self, tmp_path: Path) -> None:
        with pytest.raises(RuntimeError, match="File too large"):
            run("write_file", path=str(tmp_path / "x"))
        assert not (tmp_path / "x").read_bytes()

    def test_takes_a_fault_of_the_program_for_one(self) -> None:
        with pytest.raises(RuntimeError, match="what is missing"):
            run("fail")

    def test_sees_no_variable_and_loads_no_django(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
        # which Python itself sets
        assert run("tell") == b"LC_CTYPE"

    def test_lets_readers_go_first(self, settings: Settings) -> None:
        settings.CONFINED_NICENESS = product.CONFINED_NICENESS
        assert int(run("tell_niceness")) - os.nice(0) == 15

    @pytest.mark.parametrize(
        "module",
        [
            "foundation.html.cleaning",
            "foundation.html.difference",
            "foundation.html.markdown",
            "foundation.workbooks.reading",
            "foundation.files.inspection",
            "foundation.files.images",
        ],
    )
    def test_loads_little_but_what_its_work_needs(self, module: str) -> None:
        heavy = {"asyncio", "django", "foundation.confinement.running", "rich", "ssl", "structlog"}
        assert heavy.isdisjoint(run("load", module=module).decode().split())

    def test_leaves_no_process_behind(self) -> None:
        with pytest.raises(Invalid):
            run("work_without_end")
        assert not [one for one in psutil.Process().children() if one.status() == psutil.STATUS_ZOMBIE]

    def test_leaves_a_thread_to_readers(self) -> None:
        """Of the four threads of a web process three may be here; the fourth that comes is sent away at once."""
        refused: list[str] = []

        def ask() -> None:
            try:
                run("work_without_end")
            except (Invalid, Unavailable) as error:
                refused.append(error.code)

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(refused) == ["invalid"] * 3 + ["unavailable"] * 5
        assert run("answer", b"x") == b"x"
