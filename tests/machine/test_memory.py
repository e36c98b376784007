"""What keeps a machine small: the builder sleeps while nobody asks for a hall, the scheduler loads no app, and the
database's share of the memory follows from its size."""

import subprocess
import sys
from pathlib import Path

import redis
from django.conf import settings

from config.builder_asleep import Sleeper
from config.schedule import BUILDING
from foundation.embedded_services import postgres
from tests.servers import wait_until


class TestSleeper:
    def test_runs_the_builder_while_there_is_something_to_do(self, tmp_path: Path) -> None:
        note = tmp_path / "started"
        program = f"open({str(note)!r}, 'a').write('.'); import time; time.sleep(600)"
        sleeper = Sleeper([sys.executable, "-c", program], idle=0)
        # a database of its own: other tests have builders, too
        with redis.Redis.from_url(settings.BROKER_URL.rsplit("/", 1)[0] + "/9") as broker:
            broker.flushdb()
            sleeper.look(broker)
            assert sleeper.builder is None
            broker.rpush(BUILDING, "task")
            sleeper.look(broker)
            builder = sleeper.builder
            assert builder is not None
            wait_until(note.exists, what="the builder's start")
            # taken, and worked on
            broker.delete(BUILDING)
            broker.hset("unacked", "1", "task")
            sleeper.look(broker)
            assert builder.poll() is None
            broker.delete("unacked")
            sleeper.look(broker)
            assert builder.poll() is not None
            # one that was killed in the middle is begun anew
            broker.rpush(BUILDING, "task")
            sleeper.look(broker)
            again = sleeper.builder
            assert again is not None
            again.kill()
            again.wait()
            sleeper.look(broker)
            assert sleeper.builder is not again
            broker.flushdb()
            sleeper.look(broker)
            assert sleeper.builder is None


class TestScheduler:
    def test_knows_every_task_and_loads_none(self) -> None:
        program = (
            "from config.scheduler import app; app.loader.init_worker(); app.finalize(); import sys;"
            "loaded = [name for name in sys.modules if name.startswith(('province', 'tenants'))];"
            "print(len(app.conf.beat_schedule), loaded)"
        )
        done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd="/")
        number, loaded = done.stdout.strip().split(" ", 1)
        assert int(number) > 10
        assert loaded == "[]"


class TestBuffers:
    def test_are_a_quarter_of_the_database_within_bounds(self, tmp_path: Path) -> None:
        folder = tmp_path / "base" / "1"
        folder.mkdir(parents=True)
        found = []
        for megabytes in (0, 400, 100_000):
            with (folder / "2").open("wb") as file:
                file.truncate(megabytes << 20)
            found.append(postgres.buffers_mb(tmp_path))
        assert found[:2] == [64, 100]
        assert 100 < found[2] <= 1024
