"""What stands in the cluster while the Job before an upgrade runs: the former release's objects, for Helm changes none
of them before its hooks have ended, and hooks of the new release that were made before the Job. And what becomes of
pods when a release changes its size."""

from collections.abc import Iterator
from functools import cache
from itertools import permutations
from typing import Any

import pytest

from tests.helm.reach import HOOK, is_hook, is_isolated, may_reach, weight_of
from tests.helm.rendering import SIZES, Rendered, Tree, render, sizes, values_of

# the example's own database, broker, store and a reader's address; and where the database goes to
DATABASE, BROKER, STORE, OUTSIDE, MOVED = "10.10.1.7", "10.10.2.7", "10.10.3.7", "203.0.113.9", "10.20.1.7"
_ELSEWHERE: Tree = {"networkPolicy": {"to": {"database": {"peers": [{"ipBlock": {"cidr": "10.20.1.0/24"}}]}}}}


@cache
def _moved() -> Rendered:
    """Another database, and nothing else changed."""
    return render(values_of("small", _ELSEWHERE))[0]


@cache
def _unguarded() -> Rendered:
    return render(values_of("small", {"networkPolicy": {"enabled": False}}))[0]


def _job(release: Rendered) -> Tree:
    [job] = release.of_kind("Job")
    return job


def _labels(release: Rendered) -> dict[str, str]:
    labels: dict[str, str] = _job(release)["spec"]["template"]["metadata"]["labels"]
    return labels


def _policies(former: Rendered | None, new: Rendered) -> list[Tree]:
    """Those that are there while the Job of ``new`` runs; ``former``: None at a first installation."""
    standing = [one for one in former.of_kind("NetworkPolicy") if not is_hook(one)] if former else []
    before = [one for one in new.of_kind("NetworkPolicy") if is_hook(one) and weight_of(one) < weight_of(_job(new))]
    return standing + before


class TestUpgradeJob:
    def test_reaches_a_database_that_has_moved(self) -> None:
        """The former release's policies say where it was."""
        policies = _policies(sizes()["small"], _moved())
        assert may_reach(policies, _labels(_moved()), MOVED, 5432)

    def test_reaches_what_it_needs_and_nothing_else_from_the_first_time_on(self) -> None:
        former = [None, sizes()["small"]]
        for policies in (_policies(one, sizes()["small"]) for one in former):
            labels = _labels(sizes()["small"])
            assert is_isolated(policies, labels)
            asked = [(DATABASE, 5432), (STORE, 443), (OUTSIDE, 53), (BROKER, 6379), (OUTSIDE, 443), (DATABASE, 22)]
            assert [may_reach(policies, labels, *one) for one in asked] == [True] * 3 + [False] * 3

    def test_reaches_everything_where_the_new_release_has_no_policies(self) -> None:
        """Those of the former one are still there."""
        for former in (None, sizes()["small"], _unguarded()):
            assert may_reach(_policies(former, _unguarded()), _labels(_unguarded()), MOVED, 5432)

    def test_has_no_policy_but_its_own(self) -> None:
        """One that stands would keep the former addresses open beside the new ones."""
        release = sizes()["small"]
        standing = [one for one in release.of_kind("NetworkPolicy") if not is_hook(one)]
        asked = [(DATABASE, 5432), (STORE, 443), (OUTSIDE, 53)]
        assert [may_reach(standing, _labels(release), *one) for one in asked] == [False] * 3

    def test_keeps_its_policy_when_helm_stops_waiting(self, rendered: Rendered) -> None:
        """The Job goes on then; deleted with its success, the policy would be gone."""
        for one in rendered.of_kind("NetworkPolicy"):
            if is_hook(one):
                annotations = one["metadata"]["annotations"]
                assert annotations["helm.sh/hook-delete-policy"] == "before-hook-creation"
                assert annotations[HOOK] == _job(rendered)["metadata"]["annotations"][HOOK]

    def test_needs_nothing_that_comes_after_it(self, rendered: Rendered) -> None:
        """Objects of the release are made when it has ended: what it names is the province's own."""
        later = {one["metadata"]["name"] for one in rendered.documents if not is_hook(one)}
        pod = _job(rendered)["spec"]["template"]["spec"]
        assert "serviceAccountName" not in pod
        assert {"emptyDir"} == {kind for volume in pod["volumes"] for kind in volume if kind != "name"}
        assert set(_texts(pod)) & later == set()


class TestSize:
    @pytest.mark.parametrize(("former", "new"), list(permutations(SIZES, 2)))
    def test_takes_nothing_away_that_serves(self, former: str, new: str) -> None:
        """A number that a release states and the next one does not falls to one, until the cluster counts again."""
        before, after = sizes()[former], sizes()[new]
        for component in ("web", "worker", "relay"):
            stated = after.workloads()[component]["spec"].get("replicas")
            was_stated = "replicas" in before.workloads()[component]["spec"]
            left = stated or (1 if was_stated else _least(before, component))
            assert left >= min(_least(before, component), _least(after, component)), component


def _least(release: Rendered, component: str) -> int:
    """As many pods as it has when nobody comes."""
    for one in release.of_kind("HorizontalPodAutoscaler"):
        if one["metadata"]["labels"]["app.kubernetes.io/component"] == component:
            return int(one["spec"]["minReplicas"])
    return int(release.workloads()[component]["spec"]["replicas"])


def _texts(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        for one in found.values():
            yield from _texts(one)
    elif isinstance(found, list):
        for one in found:
            yield from _texts(one)
    elif isinstance(found, str):
        yield found
