"""The charts on a real API server: what it takes, how soon a release is ready, and what becomes of one that fails."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.cluster import CLUSTER
from tests.helm.api_server import BROKEN, UNREADY, Cluster, cluster, missing
from tests.helm.kinds import definitions
from tests.helm.reach import may_reach
from tests.helm.release import Release, is_ready, make_namespace, tag_of
from tests.helm.rendering import CHARTS, EVERYTHING, SIZES, Tree, render, values_of
from tests.timing import spent

pytestmark = [pytest.mark.cluster, CLUSTER]
_APPLY = ("apply", "--dry-run=server", "--validate=strict", "-n", "yizhan", "-f", "-")
_ONE_OF_EACH = {"web": 1, "worker": 1, "builder": 1, "relay": 1, "scheduler": 1}
# pods that are ready once a release of this size is
READY = {
    "small": _ONE_OF_EACH | {"web": 2},
    "middle": _ONE_OF_EACH | {"web": 2, "worker": 2, "relay": 2},
    "large": _ONE_OF_EACH | {"web": 4, "worker": 3, "relay": 2},
}


@pytest.fixture(scope="module")
def kubernetes() -> Iterator[Cluster]:
    if reason := missing():
        pytest.skip(reason)
    with cluster() as found:
        make_namespace(found, "yizhan")
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
    @pytest.mark.parametrize("size", SIZES)
    def test_gets_ready_and_is_upgraded(self, kubernetes: Cluster, tmp_path: Path, size: str) -> None:
        """By the guide's commands, strictly. How long it took stands at the end of the run."""
        release = Release(kubernetes, tmp_path, "yizhan", namespace=f"yizhan-{size}")
        make_namespace(kubernetes, release.namespace)
        with spent(f"install {size}"):
            told = release.helm("install", size=size)
            release.wait_for(READY[size])
        with spent(f"upgrade {size}"):
            told += release.helm("upgrade", "--set", "image.tag=0.2.0", size=size)
            release.wait_for(READY[size])
        assert release.tags() == {"0.2.0"}
        assert not re.search("warn|violate", told, re.IGNORECASE)
        # the loss of a node takes no program away that has two pods
        for component in ("web", "worker"):
            nodes = {one["spec"]["nodeName"] for one in release.pods(component)}
            assert len(nodes) == min(2, READY[size][component])

    def test_grows_and_comes_back(self, kubernetes: Cluster, tmp_path: Path) -> None:
        """Whatever serves goes on: the cluster alone says how many there are."""
        release = Release(kubernetes, tmp_path, "yizhan", namespace="yizhan-growing")
        make_namespace(kubernetes, release.namespace)
        release.helm("install")
        release.wait_for(READY["small"])
        with release.watching("web") as web, release.watching("worker") as worker:
            release.helm("upgrade", size="large")
            release.wait_for(READY["large"])
            release.rollback(1)
            # at most: nobody measures here how busy they are
            release.wait_for(READY["small"] | {"web": 3, "worker": 2})
        assert (min(web), min(worker)) == (2, 1)

    def test_is_kept_when_a_new_one_fails_and_rolled_back(self, kubernetes: Cluster, tmp_path: Path) -> None:
        release = Release(kubernetes, tmp_path, "yz", namespace="yizhan")
        # the public tables or a hall could not be made: nothing is there, and what was mended is an upgrade
        assert "failed" in release.helm("install", "--set", f"image.tag={BROKEN}", "--timeout", "15s", code=1)
        assert release.deployments() == {}
        release.helm("upgrade", "--set", "image.tag=0.2.0")
        release.wait_for(READY["small"])
        # a value that is misspelt is named, and nothing begun
        assert "'replica' not allowed" in release.helm("upgrade", "--set", "web.replica=3", code=1)

        # halls could not be upgraded: the Job fails and stays for its log, and nothing else has changed
        moved = 'networkPolicy.to.database.peers=[{"ipBlock":{"cidr":"10.20.1.0/24"}}]'
        assert "failed" in release.helm("upgrade", "--set", f"image.tag={BROKEN}", "--set-json", moved, code=1)
        assert (release.tags(), release.ready()) == ({"0.2.0"}, READY["small"])
        assert kubernetes.get("get", "job", "yz-yizhan-upgrade", "-n", "yizhan")["status"]["failed"] > 0
        # it could have reached a database that has moved, which the other programs of then cannot
        policies = kubernetes.get("get", "networkpolicy", "-n", "yizhan")["items"]
        reached = {
            component: may_reach(policies, release.pods(component)[0]["metadata"]["labels"], "10.20.1.7", 5432)
            for component in ("upgrade", *_ONE_OF_EACH)
        }
        assert reached == dict.fromkeys(_ONE_OF_EACH, False) | {"upgrade": True}

        # pods of the new release never get ready: those of the former one go on serving
        release.helm("upgrade", "--set", f"image.tag={UNREADY}", "--timeout", "20s", code=1)
        assert release.ready()["web"] == 2
        assert [tag_of(one) for one in release.pods("web") if is_ready(one)] == ["0.2.0", "0.2.0"]

        release.rollback(2)
        assert (release.tags(), release.ready()) == ({"0.2.0"}, READY["small"])
        kubernetes.helm("uninstall", "yz", "-n", "yizhan", "--wait", "--timeout", "3m")
        # the audit's witness outlives it, and what the Job of the next one would be held by
        left = kubernetes.get("get", "pvc,networkpolicy,job", "-n", "yizhan")["items"]
        assert [one["metadata"]["name"] for one in left] == ["yz-yizhan-witness", "yz-yizhan-upgrade"]
