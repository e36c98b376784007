"""What pods of the chart may do, take, write and are asked, and by which rules they are replaced."""

import re
from typing import Any

from tests.helm.rendering import Rendered, containers_of, render, sizes, values_of


class TestPod:
    def test_may_do_nothing_that_it_need_not(self, rendered: Rendered) -> None:
        """Pod Security Standards, restricted; and no token of the cluster."""
        for component, pod in rendered.pods().items():
            own = pod["securityContext"]
            assert (own["runAsNonRoot"], own["seccompProfile"]) == (True, {"type": "RuntimeDefault"}), component
            # of nobody on the node
            assert own["runAsUser"] == own["runAsGroup"] == own["fsGroup"] >= 10_000
            assert (pod["automountServiceAccountToken"], pod["enableServiceLinks"]) == (False, False)
            assert not {"hostNetwork", "hostPID", "hostIPC", "serviceAccountName", "serviceAccount"} & set(pod)
            assert all({"emptyDir", "persistentVolumeClaim"} & set(one) for one in pod["volumes"])
            for one in containers_of(pod):
                assert one["securityContext"] == {
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                }

    def test_says_what_it_takes(self, rendered: Rendered) -> None:
        for component, pod in rendered.pods().items():
            for one in containers_of(pod):
                requests, limits = one["resources"]["requests"], one["resources"]["limits"]
                assert set(requests) == {"cpu", "memory", "ephemeral-storage"}, component
                # a limit of the processor would hold back who has work when nobody else has
                assert set(limits) == {"memory", "ephemeral-storage"}, component
                assert all(_bytes(requests[one]) <= _bytes(limits[one]) for one in limits)

    def test_is_spread_over_nodes_and_zones(self, rendered: Rendered) -> None:
        for component, pod in rendered.pods().items():
            spread = pod["topologySpreadConstraints"]
            assert {one["topologyKey"] for one in spread} == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}
            # with the pods that they replace they would meet on one node
            assert [one["matchLabelKeys"] for one in spread] == [["pod-template-hash"]] * 2
            labels = rendered.workloads()[component]["spec"]["template"]["metadata"]["labels"]
            assert all(one["labelSelector"]["matchLabels"].items() <= labels.items() for one in spread)

    def test_is_what_its_selectors_mean(self, rendered: Rendered) -> None:
        labels = {name: one["spec"]["template"]["metadata"]["labels"] for name, one in rendered.workloads().items()}
        for one in rendered.of_kind("Deployment"):
            component = one["metadata"]["labels"]["app.kubernetes.io/component"]
            wanted = one["spec"]["selector"]["matchLabels"]
            assert {name for name, has in labels.items() if wanted.items() <= has.items()} == {component}
        [service] = rendered.of_kind("Service")
        assert {n for n, has in labels.items() if service["spec"]["selector"].items() <= has.items()} == {"web"}
        for budget in rendered.of_kind("PodDisruptionBudget"):
            wanted = budget["spec"]["selector"]["matchLabels"]
            assert sum(wanted.items() <= has.items() for has in labels.values()) == 1

    def test_writes_where_it_may(self, rendered: Rendered) -> None:
        for pod in rendered.pods().values():
            volumes = {one["name"] for one in pod["volumes"]}
            for one in containers_of(pod):
                mounts = {mount["mountPath"] for mount in one["volumeMounts"]}
                assert {"/tmp", "/var/lib/yizhan/run", "/var/lib/yizhan/log"} <= mounts  # noqa: S108
                # the image's own
                assert not any("/var/lib/yizhan/static".startswith(f"{mount}/") for mount in mounts)
                assert "/var/lib/yizhan" not in mounts
                assert {mount["name"] for mount in one["volumeMounts"]} <= volumes

    def test_shares_its_folders_among_its_containers(self, rendered: Rendered) -> None:
        """Web and proxy meet at a socket; what the proxy reads was written by the first container."""
        for component, pod in rendered.pods().items():
            for one in containers_of(pod):
                mounts = {mount["mountPath"]: mount for mount in one["volumeMounts"] if mount["name"] != "witness"}
                assert {path.rpartition("/")[2]: mount["subPath"] for path, mount in mounts.items()} == {
                    name: name for name in ("tmp", "run", "log", "proxy")
                }, component
        web = rendered.pods()["web"]
        assert web["initContainers"][0]["command"][-1] == "--proxy"
        assert web["containers"][0]["command"] == [
            *("caddy", "run", "--config", "/var/lib/yizhan/proxy/Caddyfile", "--adapter", "caddyfile"),
        ]

    def test_begins_and_ends_in_its_time(self, rendered: Rendered) -> None:
        for component, pod in rendered.pods().items():
            assert pod["terminationGracePeriodSeconds"] >= 30, component
            for one in containers_of(pod):
                # what it said last stands in the pod's state
                assert one["terminationMessagePolicy"] == "FallbackToLogsOnError"
                assert ("lifecycle" in one) == (one["name"] == "proxy")
            if component == "upgrade":
                continue
            command = pod["initContainers"][0]["command"]
            assert command == ["yizhan", "await", "--seconds", "600", *(["--proxy"] if component == "web" else [])]
            # no release is given up while its pods still wait for the database
            assert rendered.workloads()[component]["spec"]["progressDeadlineSeconds"] > int(command[3])
        # a hall that is being made is not cut short
        assert rendered.pods()["builder"]["terminationGracePeriodSeconds"] > 300

    def test_of_the_site_is_left_out_soon(self, rendered: Rendered) -> None:
        probe = rendered.pods()["web"]["containers"][0]["readinessProbe"]
        assert probe["periodSeconds"] * probe["failureThreshold"] <= 30

    def test_has_the_image_of_one_release(self, rendered: Rendered) -> None:
        [image] = {one["image"] for pod in rendered.pods().values() for one in containers_of(pod)}
        assert re.fullmatch(r"registry\.example\.gov\.cn/yizhan/yizhan:\d+\.\d+\.\d+", image)

    def test_has_the_image_whose_digest_is_given(self) -> None:
        digest = f"sha256:{'0' * 64}"
        [named] = render(values_of("small", {"image": {"digest": digest, "pullSecrets": ["key"]}}))
        for pod in named.pods().values():
            assert {one["image"].partition("@")[2] for one in containers_of(pod)} == {digest}
            assert pod["imagePullSecrets"] == [{"name": "key"}]

    def test_is_asked_at_a_port_that_it_has(self, rendered: Rendered) -> None:
        for pod in rendered.pods().values():
            ports = [port for one in containers_of(pod) for port in one.get("ports", [])]
            known = {port[key] for port in ports for key in ("name", "containerPort")}
            for one in containers_of(pod):
                probes = [one[name] for name in ("readinessProbe", "livenessProbe") if name in one]
                assert {(probe.get("httpGet") or probe["tcpSocket"])["port"] for probe in probes} <= known

    def test_of_the_site_is_ended_for_nothing_that_another_part_does(self, rendered: Rendered) -> None:
        """Nor for less than half a minute of silence. A question at the proxy that goes on to the web server would end
        both for the fault of one."""
        asked = {one["name"]: one for one in containers_of(rendered.pods()["web"]) if "livenessProbe" in one}
        assert set(asked) == {"web", "proxy"}
        assert asked["web"]["livenessProbe"]["httpGet"]["path"] == "/healthz"
        assert "tcpSocket" in asked["proxy"]["livenessProbe"]
        for one in asked.values():
            assert one["livenessProbe"]["periodSeconds"] * one["livenessProbe"]["failureThreshold"] >= 30


class TestDeployment:
    def test_that_serves_is_replaced_without_a_gap(self, rendered: Rendered) -> None:
        for component in ("web", "worker", "relay"):
            strategy = rendered.workloads()[component]["spec"]["strategy"]
            assert strategy["type"] == "RollingUpdate"
            assert (strategy["rollingUpdate"]["maxUnavailable"], strategy["rollingUpdate"]["maxSurge"]) == (0, 1)

    def test_that_serves_loses_one_pod_at_a_time_where_nodes_are_emptied(self, rendered: Rendered) -> None:
        """The others have one pod alone: a budget would hold up whoever empties its node."""
        budgets = {
            one["metadata"]["labels"]["app.kubernetes.io/component"]: one["spec"]
            for one in rendered.of_kind("PodDisruptionBudget")
        }
        assert {name: one["maxUnavailable"] for name, one in budgets.items()} == {"web": 1, "worker": 1, "relay": 1}
        # a least number that is the number itself would let no node be emptied
        assert all(set(one) == {"maxUnavailable", "selector"} for one in budgets.values())

    def test_that_is_counted_follows_its_processors_and_not_at_once(self, rendered: Rendered) -> None:
        for one in rendered.of_kind("HorizontalPodAutoscaler"):
            target = one["spec"]["scaleTargetRef"]
            assert (target["apiVersion"], target["kind"]) == ("apps/v1", "Deployment")
            [metric] = one["spec"]["metrics"]
            assert (metric["resource"]["name"], metric["resource"]["target"]["type"]) == ("cpu", "Utilization")
            assert 50 <= metric["resource"]["target"]["averageUtilization"] <= 90
            assert one["spec"]["behavior"]["scaleDown"]["stabilizationWindowSeconds"] >= 300

    def test_that_states_how_many_has_one_at_least(self, rendered: Rendered) -> None:
        for one in rendered.of_kind("Deployment"):
            assert one["spec"].get("replicas", 1) >= 1

    def test_can_be_upgraded(self, rendered: Rendered) -> None:
        """Selectors never change: what differs from release to release has no place there."""
        for one in rendered.of_kind("Deployment"):
            own = {"app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component"}
            assert set(one["spec"]["selector"]["matchLabels"]) == own


class TestUpgradeJob:
    def test_ends_and_leaves_its_log_where_it_failed(self, rendered: Rendered) -> None:
        job = rendered.workloads()["upgrade"]
        assert 600 <= job["spec"]["activeDeadlineSeconds"] <= 4 * 3600
        policies = set(job["metadata"]["annotations"]["helm.sh/hook-delete-policy"].split(","))
        assert policies == {"before-hook-creation", "hook-succeeded"}
        assert not {"ttlSecondsAfterFinished", "parallelism", "completions"} & set(job["spec"])
        pod = job["spec"]["template"]["spec"]
        # a try that failed stays, and the next one is another pod
        assert pod["restartPolicy"] == "Never"
        *command, workers = pod["containers"][0]["command"]
        assert command == ["yizhan", "release", "--workers"]
        assert int(workers) >= 1


class TestWitness:
    def test_outlives_the_release_and_is_written_to_by_all_workers(self, rendered: Rendered) -> None:
        [claim] = rendered.of_kind("PersistentVolumeClaim")
        assert claim["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}
        assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
        for component, pod in rendered.pods().items():
            mounts = [one for one in pod["containers"][0]["volumeMounts"] if one["name"] == "witness"]
            claims = [one["persistentVolumeClaim"] for one in pod["volumes"] if "persistentVolumeClaim" in one]
            is_worker = component == "worker"
            assert mounts == [{"name": "witness", "mountPath": "/var/lib/yizhan/witness"}] * is_worker
            assert claims == [{"claimName": claim["metadata"]["name"]}] * is_worker

    def test_does_not_stand_in_the_way_of_another_size(self) -> None:
        """The API server refuses whatever changes a claim."""
        claims = [one for rendered in sizes().values() for one in rendered.of_kind("PersistentVolumeClaim")]
        assert claims == [claims[0]] * len(sizes())


def _bytes(quantity: Any) -> int:
    number, unit = re.fullmatch(r"(\d+)(Ki|Mi|Gi)?", str(quantity)).groups()  # type: ignore[union-attr]
    return int(number) * {"Ki": 1024, "Mi": 1024**2, "Gi": 1024**3, None: 1}[unit]
