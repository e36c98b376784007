"""The charts on a real API server: what it takes, and what becomes of a release that fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.cluster import CLUSTER
from tests.helm.api_server import BROKEN, UNREADY, Cluster, cluster, missing
from tests.helm.kinds import definitions
from tests.helm.rendering import CHART, CHARTS, EVERYTHING, SIZES, Tree, render, values_of
from tests.servers import wait_until

pytestmark = [pytest.mark.cluster, CLUSTER]
_APPLY = ("apply", "--dry-run=server", "--validate=strict", "-n", "yizhan", "-f", "-")


@pytest.fixture(scope="module")
def kubernetes() -> Iterator[Cluster]:
    if reason := missing():
        pytest.skip(reason)
    with cluster() as found:
        found.kubectl("create", "namespace", "yizhan")
        # what is not restricted is refused, and what makes such pods is warned of
        for mode in ("enforce", "warn"):
            found.kubectl("label", "namespace", "yizhan", f"pod-security.kubernetes.io/{mode}=restricted")
        found.kubectl("create", "-f", "-", given=yaml.safe_dump_all(definitions()))
        found.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s")
        yield found


class TestApiServer:
    @pytest.mark.parametrize("size", SIZES)
    def test_takes_every_object_strictly(self, kubernetes: Cluster, size: str) -> None:
        for kind in ("ingress", "gateway"):
            exposure = {"exposure": {"kind": kind, "gateway": {"className": "any"}}}
            [found] = render(values_of(size, EVERYTHING | exposure))
            told = kubernetes.kubectl(*_APPLY, given=yaml.safe_dump_all(found.documents))
            # a Deployment whose pods are not restricted is taken with a warning
            assert "Warning" not in told
            assert told.count("(server dry run)") == len(found.documents)

    def test_takes_the_database(self, kubernetes: Cluster) -> None:
        backup = {"destination": "s3://yizhan-backup/", "endpoint": "https://s3.example.cn"}
        recovery = {"from": "yizhan-database", "until": "2026-11-29T16:20:00+08:00"}
        more: list[Tree] = [{"backup": backup, "storage": {"storageClass": "fast"}}]
        for values in ({}, *more, {**more[0], "name": "again", "recovery": recovery}):
            [found] = render(values, chart=CHARTS / "yizhan-database")
            kubernetes.kubectl(*_APPLY, given=yaml.safe_dump_all(found.documents))

    def test_refuses_a_misspelt_field(self, kubernetes: Cluster) -> None:
        """The tests above see what they are for."""
        [found] = render(values_of("small", EVERYTHING))
        for kind, path in (
            ("Deployment", ("spec", "template", "spec", "containers", 0, "readinessProb")),
            ("Certificate", ("spec", "dnsNam")),
        ):
            document = found.of_kind(kind)[0]
            place: Tree = document
            for step in path[:-1]:
                place = place[step]
            place[str(path[-1])] = {}
            assert "unknown field" in kubernetes.kubectl(*_APPLY, given=yaml.safe_dump(document), code=1)
            del place[str(path[-1])]


class TestRelease:
    def test_is_installed_upgraded_kept_when_a_new_one_fails_and_rolled_back(
        self, kubernetes: Cluster, tmp_path: Path
    ) -> None:
        values = tmp_path / "province.yaml"
        values.write_text(yaml.safe_dump(values_of("small", EVERYTHING)))
        same = ("yz", str(CHART), "-n", "yizhan", "-f", str(values), "--wait")
        kubernetes.helm("install", *same, "--timeout", "3m")
        assert self._state(kubernetes) == {
            "yz-yizhan-web": (2, "0.1.0"),
            "yz-yizhan-worker": (1, "0.1.0"),
            "yz-yizhan-builder": (1, "0.1.0"),
            "yz-yizhan-relay": (1, "0.1.0"),
            "yz-yizhan-scheduler": (1, "0.1.0"),
        }
        nodes = {
            one["spec"]["nodeName"]
            for one in kubernetes.get("get", "pods", "-n", "yizhan", "-l", "app.kubernetes.io/component=web")["items"]
        }
        assert len(nodes) == 2

        kubernetes.helm("upgrade", *same, "--set", "image.tag=0.2.0", "--timeout", "3m")
        assert {tag for _, tag in self._state(kubernetes).values()} == {"0.2.0"}

        # halls could not be upgraded: the Job fails, and nothing else has changed
        broken = ("--set", f"image.tag={BROKEN.rpartition(':')[2]}", "--timeout", "3m")
        assert "failed" in kubernetes.helm("upgrade", *same, *broken, code=1)
        assert {tag for _, tag in self._state(kubernetes).values()} == {"0.2.0"}
        assert kubernetes.get("get", "job", "yz-yizhan-upgrade", "-n", "yizhan")["status"]["failed"] > 0

        # pods of the new release never get ready: those of the former one go on serving
        unready = ("--set", f"image.tag={UNREADY.rpartition(':')[2]}", "--timeout", "20s")
        kubernetes.helm("upgrade", *same, *unready, code=1)
        assert self._state(kubernetes)["yz-yizhan-web"][0] == 2
        serving = kubernetes.get("get", "pods", "-n", "yizhan", "-l", "app.kubernetes.io/component=web")["items"]
        images = [one["spec"]["containers"][0]["image"] for one in serving if self._is_ready(one)]
        assert [one.rpartition(":")[2] for one in images] == ["0.2.0", "0.2.0"]

        history = yaml.safe_load(kubernetes.helm("history", "yz", "-n", "yizhan", "-o", "yaml"))
        good = [str(one["revision"]) for one in history if one["revision"] == 2]
        kubernetes.helm("rollback", "yz", *good, "-n", "yizhan", "--wait", "--timeout", "3m")
        wait_until(
            lambda: {tag for _, tag in self._state(kubernetes).values()} == {"0.2.0"}, what="the rollback", seconds=60
        )
        kubernetes.helm("uninstall", "yz", "-n", "yizhan", "--wait", "--timeout", "3m")
        # the audit's witness outlives it
        assert [one["metadata"]["name"] for one in kubernetes.get("get", "pvc", "-n", "yizhan")["items"]] == [
            "yz-yizhan-witness"
        ]

    def _state(self, kubernetes: Cluster) -> dict[str, tuple[int, str]]:
        """Deployment → ready pods, and the tag that it wants."""
        return {
            one["metadata"]["name"]: (
                one["status"].get("readyReplicas", 0),
                one["spec"]["template"]["spec"]["containers"][0]["image"].rpartition(":")[2],
            )
            for one in kubernetes.get("get", "deployments", "-n", "yizhan")["items"]
        }

    def _is_ready(self, pod: Tree) -> bool:
        return any(one["type"] == "Ready" and one["status"] == "True" for one in pod["status"].get("conditions", []))
