"""What keeps a machine small: the builder sleeps while nobody asks for a hall, programs share what they have loaded,
and the share of the memory that the database has follows from its size."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis
from celery import Celery
from django.conf import settings

from config.builder_asleep import Sleeper
from config.queues import BUILDING
from foundation.embedded_services import postgres
from tests.machine.conftest import Machine
from tests.servers import wait_until

# of each fork, what it holds for itself at most, in MB
FORKS = {"builder": 25, "beat": 35, "relay": 60}


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


class TestForks:
    def test_hold_little_of_their_own(self, machine: Machine) -> None:
        """Loaded by itself each would be some 90 MB, the scheduler 45."""
        for name, most in FORKS.items():
            own = machine.process(name).memory_full_info().uss / 1e6
            assert own < most, (name, own)


class TestOutgrownRelay:
    def test_begins_anew_in_the_same_process_when_it_has_outgrown_itself(
        self, fresh_database: None, tmp_path: Path
    ) -> None:
        note = tmp_path / "begun"
        program = tmp_path / "relay.py"
        program.write_text(
            "import os, django; django.setup()\n"
            "from config.growth import Growth\n"
            "from config.machine.relay import Relay\n"
            "relay = Relay(growth=Growth(most=30_000_000, quiet_seconds=0.5))\n"
            f"is_first = not os.path.exists({str(note)!r})\n"
            f"open({str(note)!r}, 'a').write(f'{{os.getpid()}} ')\n"
            "held = bytearray(os.urandom(1000)) * 60_000 if is_first else b''\n"
            "relay.run()\n"
        )
        relay = subprocess.Popen([sys.executable, program], env=os.environ | {"PYTHONPATH": ":".join(sys.path)})
        try:
            wait_until(lambda: note.exists() and len(note.read_text().split()) > 1, what="its second beginning")
            assert note.read_text().split() == [str(relay.pid)] * 2
            # having grown no more it stays, and ends as it is told
            time.sleep(1.5)
            assert len(note.read_text().split()) == 2
        finally:
            relay.terminate()
        assert relay.wait(timeout=30) == 0


class TestOutgrownWorker:
    def test_ends_between_two_tasks(self) -> None:
        """Its tasks are given to the next one, which is forked at once."""
        address = settings.BROKER_URL.rsplit("/", 1)[0] + "/7"
        program = (
            "import sys, time\n"
            "from celery import shared_task\n"
            "from celery.signals import worker_ready\n"
            "from config import worker\n"
            "from config.growth import Growth\n"
            "@shared_task(name='tests.wait')\n"
            "def wait():\n"
            "    time.sleep(2)\n"
            "    print('done', flush=True)\n"
            "@worker_ready.connect\n"
            "def say(**_):\n"
            "    print('ready', flush=True)\n"
            "worker.run(Growth(most=int(sys.argv[1]), quiet_seconds=0.3))\n"
        )
        with redis.Redis.from_url(address) as broker:
            broker.flushdb()
            Celery(broker=address).send_task("tests.wait")
            words = [sys.executable, "-c", program]
            outgrown = subprocess.run(
                [*words, "-1"],
                env=os.environ | {"BROKER_URL": address},
                check=True,
                capture_output=True,
                text=True,
                timeout=120,
            )
            assert outgrown.stdout == "ready\ndone\n"
            assert (broker.llen("celery"), broker.hlen("unacked")) == (0, 0)
            with subprocess.Popen(
                [*words, "1000000000"], env=os.environ | {"BROKER_URL": address}, stdout=subprocess.PIPE, text=True
            ) as small:
                assert small.stdout
                assert small.stdout.readline() == "ready\n"
                with pytest.raises(subprocess.TimeoutExpired):
                    small.wait(timeout=3)
                small.terminate()
                assert small.wait(timeout=30) == 0
            broker.flushdb()


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
            found.append([postgres.buffers_mb(tmp_path, is_small=one) for one in (True, False)])
        [demo, grown_demo, _], [province, grown, large] = zip(*found, strict=True)
        assert (demo, grown_demo) == (48, 100)
        assert 100 < province == grown <= 512
        assert 100 < large <= 1024
