"""What `yizhan doctor` finds on a whole machine.

It leaves programs stopped, which whatever comes after it would have to start anew: it stands in the folder's last file.
"""

import json
from pathlib import Path

from tests.machine.conftest import Machine, make_machine


class TestDoctor:
    def test_finds_nothing_on_a_sound_machine_and_names_each_program_that_stopped(self, machine: Machine) -> None:
        # returns when all of them answer: one that another test killed may just have come back
        machine.yizhan("up", "--no-demo")
        # in whatever year this runs
        with machine.database() as database, database.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO workdays_yearcalendar
                    (prefix, year, version, state, authority, number, revision, published_by_name)
                SELECT '', year, 1, 'published', '', '', 1, '' FROM generate_series(
                    extract(year FROM now())::int, extract(year FROM now())::int + 1) AS year
                ON CONFLICT DO NOTHING
                """
            )
        sound = machine.doctor()
        assert {name for name, one in sound.items() if one["state"] not in {"ok", "hint"}} == set()
        machine.supervisor.stop("proxy")
        assert machine.doctor()["proxy_answers"]["state"] == "fault"
        # one of the forks is gone, and who forks them does not bring it back
        mother = machine.process("programs")
        mother.suspend()
        machine.process("relay").kill()
        states = {check: one["state"] for check, one in machine.doctor().items()}
        mother.resume()
        assert (states["relay_runs"], states["beat_runs"], states["builder_runs"]) == ("fault", "ok", "ok")
        machine.await_running("relay")
        machine.supervisor.stop("programs")
        found = machine.run("doctor", "--json")
        faults = {one["check"] for one in json.loads(found.stdout) if one["state"] == "fault"}
        assert found.returncode == 1
        assert faults == {"web_answers", "worker_runs", "builder_runs", "beat_runs", "relay_runs"}

    def test_names_the_variable_that_makes_no_sense(self, tmp_path: Path) -> None:
        said = make_machine(tmp_path / "var").run("doctor", YIZHAN_WEB_PORT="eighty")
        assert said.returncode == 1
        assert "YIZHAN_WEB_PORT：须是整数" in said.stderr
