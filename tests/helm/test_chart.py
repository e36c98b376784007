"""What the chart makes of values: every kind of Kubernetes itself held against that kind's schema, strictly, and what a
reviewer of a cluster would ask for."""

from functools import cache

import kubernetes_validate
import pytest
import yaml

from config.celery import app as celery_app
from config.machine.parts import OUR_PROGRAMS
from config.queues import BUILDING
from foundation.embedded_services.caddy import Deadlines
from tests.helm.rendering import (
    CHART,
    CHARTS,
    EVERYTHING,
    Rendered,
    Tree,
    containers_of,
    render,
    sizes,
    values_of,
)

# the oldest that the chart takes (Chart.yaml), and one of today
VERSIONS = ("1.29", "1.34")
# kinds of others; tests/helm/test_cluster.py puts them to a real API server
FOREIGN = {"Certificate", "Gateway", "HTTPRoute", "PrometheusRule", "ServiceMonitor"}


class TestChart:
    def test_is_rendered_and_linted_without_a_warning(self, rendered: Rendered) -> None:
        assert (rendered.error, rendered.lint) == ("", [])
        assert set(rendered.workloads()) == {"web", "worker", "builder", "relay", "scheduler", "upgrade"}

    @pytest.mark.parametrize("version", VERSIONS)
    def test_has_no_field_that_kubernetes_does_not_know(self, version: str) -> None:
        known = [one for one in sizes()["large"].documents if one["kind"] not in FOREIGN]
        assert len(known) >= 25
        for one in known:
            kubernetes_validate.validate(one, version, strict=True)

    def test_with_a_misspelt_field_is_found(self) -> None:
        """The check above sees what it is for."""
        web = yaml.safe_load(yaml.safe_dump(sizes()["small"].workloads()["web"]))
        port = web["spec"]["template"]["spec"]["containers"][0]["ports"][0]
        port["containerPrt"] = port.pop("containerPort")
        with pytest.raises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(web, VERSIONS[-1], strict=True)

    def test_names_everything_once(self, rendered: Rendered) -> None:
        named = [(one["kind"], one["metadata"]["name"]) for one in rendered.documents]
        assert len(named) == len(set(named))
        assert all(len(name) <= 253 for _, name in named)


WRONG: list[tuple[Tree, str]] = [
    ({"settings": {"BASE_DOMIAN": "a.gov.cn"}}, "additional properties 'BASE_DOMIAN' not allowed"),
    ({"settings": {"SECRET_KEY": "x"}}, "additional properties 'SECRET_KEY' not allowed"),
    ({"settings": {"BASE_DOMAIN": "Not A Name"}}, "/settings/BASE_DOMAIN"),
    ({"web": {"replica": 3}}, "additional properties 'replica' not allowed"),
    ({"web": {"resources": {"limits": {"memory": "1 GB"}}}}, "/web/resources/limits/memory"),
    ({"relay": {"replicas": 0}}, "/relay/replicas"),
    ({"web": {"replicas": 4}}, "web.autoscaling.most: it is less than web.replicas"),
    ({"image": {"repository": ""}}, "/image/repository"),
    ({"hallDomains": ["https://a.gov.cn/"]}, "/hallDomains/0"),
    ({"exposure": {"kind": "loadbalancer"}}, "/exposure/kind"),
    ({"networkPolicy": {"to": {"database": {"peers": []}}}}, "networkPolicy.to.database.peers: say where it"),
    ({"settings": {"ELASTICSEARCH_URL": "https://search.example.cn:9200"}}, "networkPolicy.to.search.peers: say where"),
    (
        {"settings": {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}},
        "networkPolicy.to.collector.peers: say where",
    ),
    ({"settings": {"ELASTICSEARCH_URL": "https://me:secret@search:9200"}}, "/settings/ELASTICSEARCH_URL"),
    ({"certificates": {"province": {"name": ""}}}, "name the issuer of the wildcard"),
    ({"exposure": {"kind": "gateway"}}, "exposure.gateway.className: name the GatewayClass"),
    (
        {
            "exposure": {"kind": "gateway", "gateway": {"className": "c"}},
            "hallDomains": [f"h{n}.cn" for n in range(63)],
        },
        "has room for 62",
    ),
]


@cache
def _refusals() -> dict[str, str]:
    """By one process for all."""
    found = render(*(values_of("small", extra) for extra, _ in WRONG))
    return {str(extra): one.error for (extra, _), one in zip(WRONG, found, strict=True)}


class TestValues:
    @pytest.mark.parametrize(("extra", "said"), WRONG)
    def test_that_are_wrong_are_named(self, extra: Tree, said: str) -> None:
        assert said in _refusals()[str(extra)]

    def test_reach_the_programs_as_they_were_written(self) -> None:
        """A number of ten millions stands in values as one with a point."""
        [web] = [one for one in containers_of(sizes()["small"].pods()["web"]) if one["name"] == "web"]
        assert {"name": "YIZHAN_UPLOAD_LIMIT", "value": "52428800"} in web["env"]

    def test_of_an_ingress_let_through_what_the_program_takes(self) -> None:
        annotations = yaml.safe_load((CHART / "values.yaml").read_text())["exposure"]["ingress"]["annotations"]
        prefix = "nginx.ingress.kubernetes.io/"
        size = int(annotations[f"{prefix}proxy-body-size"].removesuffix("m")) * 1024 * 1024
        assert size > EVERYTHING["settings"]["YIZHAN_UPLOAD_LIMIT"]
        assert int(annotations[f"{prefix}proxy-read-timeout"]) > Deadlines().request + Deadlines().answer


class TestPrograms:
    def test_are_all_there_and_no_other(self, rendered: Rendered) -> None:
        commands = {tuple(one["command"]) for _, pod in rendered.pods().items() for one in containers_of(pod)}
        runs = {one[2] for one in commands if one[:2] == ("yizhan", "run")}
        # the proxy is started without a secret, by what was written before
        assert runs == set(OUR_PROGRAMS) - {"proxy"}
        assert {one[0] for one in commands} == {"yizhan", "caddy"}

    def test_take_from_every_queue(self) -> None:
        """A queue that nobody takes from would fill for ever."""
        routed = {route["queue"] for route in celery_app.conf.task_routes.values()}
        assert routed | {celery_app.conf.task_default_queue} == {BUILDING, "celery"}

    def test_that_may_not_be_two_never_are(self, rendered: Rendered) -> None:
        for component in ("scheduler", "builder"):
            spec = rendered.workloads()[component]["spec"]
            assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})

    def test_of_readers_and_tasks_are_counted_by_the_cluster(self, rendered: Rendered) -> None:
        """In every size. A number of their own would undo, with every upgrade, what the cluster found to be needed."""
        scalers = {
            one["metadata"]["labels"]["app.kubernetes.io/component"]: one["spec"]
            for one in rendered.of_kind("HorizontalPodAutoscaler")
        }
        deployments = {
            one["metadata"]["name"]: name
            for name, one in rendered.workloads().items()
            if one["kind"] == "Deployment" and "replicas" not in one["spec"]
        }
        assert {one["scaleTargetRef"]["name"]: name for name, one in scalers.items()} == deployments
        assert set(scalers) == {"web", "worker"}
        assert all(one["minReplicas"] < one["maxReplicas"] for one in scalers.values())

    def test_have_longer_to_end_than_what_they_are_at(self, rendered: Rendered) -> None:
        pods = rendered.pods()
        longest = Deadlines().request + Deadlines().answer
        [proxy] = pods["web"]["containers"]
        drain = proxy["lifecycle"]["preStop"]["sleep"]["seconds"]
        assert drain > proxy["readinessProbe"]["periodSeconds"]
        assert pods["web"]["terminationGracePeriodSeconds"] >= drain + longest + 10
        assert pods["worker"]["terminationGracePeriodSeconds"] > 300

    def test_of_the_site_end_in_order(self, rendered: Rendered) -> None:
        """What the proxy has begun is answered by a web server that is ended after it."""
        pod = rendered.pods()["web"]
        [web] = [one for one in pod["initContainers"] if one["name"] == "web"]
        assert web["restartPolicy"] == "Always"
        assert [one["name"] for one in pod["containers"]] == ["proxy"]

    def test_wait_for_the_database_first(self, rendered: Rendered) -> None:
        for component, pod in rendered.pods().items():
            if component != "upgrade":
                assert pod["initContainers"][0]["command"][:2] == ["yizhan", "await"]

    def test_are_measured_for_readers_by_nothing_shared(self, rendered: Rendered) -> None:
        """A broker that is away must not take every pod out at once."""
        [proxy] = rendered.pods()["web"]["containers"]
        assert proxy["readinessProbe"]["httpGet"]["path"] == "/healthz"

    def test_upgrade_before_anything_new_starts(self, rendered: Rendered) -> None:
        job = rendered.workloads()["upgrade"]
        assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
        assert job["spec"]["backoffLimit"] > 0


@cache
def _database_cluster() -> Tree:
    [found] = render({}, chart=CHARTS / "yizhan-database")
    assert (found.error, found.lint) == ("", [])
    [cluster] = found.of_kind("Cluster")
    return cluster


class TestDatabaseChart:
    def test_makes_both_roles_and_keeps_strangers_out(self) -> None:
        cluster = _database_cluster()
        made = cluster["spec"]["bootstrap"]["initdb"]
        assert (made["owner"], made["encoding"], made["localeCType"]) == ("yizhan_owner", "UTF8", "C.UTF-8")
        [role] = cluster["spec"]["managed"]["roles"]
        assert (role["name"], role["login"], role.get("superuser", False)) == ("yizhan", True, False)
        assert "REVOKE ALL ON DATABASE yizhan FROM PUBLIC" in made["postInitApplicationSQL"]
        assert "REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC" in made["postInitSQL"]
        assert any("lo_from_bytea" in one for one in made["postInitApplicationSQL"])

    def test_outlives_its_release(self) -> None:
        assert _database_cluster()["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"

    def test_begins_again_without_opening_every_file(self) -> None:
        """After a kill -9 it would wait for 220,000 of them (as ``yizhan up``'s own would)."""
        assert _database_cluster()["spec"]["postgresql"]["parameters"]["recovery_init_sync_method"] == "syncfs"

    def test_has_connections_for_the_largest_province(self) -> None:
        """Every thread of every web process may hold one."""
        from django.conf import settings

        values = values_of("large")
        threads = values["web"]["autoscaling"]["most"] * 2 * settings.WEB_THREADS
        others = values["worker"]["autoscaling"]["most"] * 2 + values["relay"]["replicas"] + 20
        assert int(_database_cluster()["spec"]["postgresql"]["parameters"]["max_connections"]) >= threads + others

    def test_archives_in_time_and_comes_back_out_of_the_archive(self) -> None:
        backup = {"destination": "s3://yizhan-backup/"}
        recovery = {"from": "yizhan-database", "until": "2026-11-29T16:20:00+08:00"}
        values: list[Tree] = [{"backup": backup}, {"backup": backup, "name": "again", "recovery": recovery}]
        archived, recovered, alone = render(*values, {"recovery": recovery}, chart=CHARTS / "yizhan-database")
        assert (archived.error, archived.lint, recovered.error, recovered.lint) == ("", [], "", [])
        [cluster], [store], [plan] = (archived.of_kind(one) for one in ("Cluster", "ObjectStore", "ScheduledBackup"))
        [plugin] = cluster["spec"]["plugins"]
        assert plugin["isWALArchiver"]
        assert plugin["parameters"]["barmanObjectName"] == store["metadata"]["name"]
        assert cluster["spec"]["postgresql"]["parameters"]["archive_timeout"] == "4min"
        assert (plan["spec"]["method"], plan["spec"]["pluginConfiguration"]["name"]) == ("plugin", plugin["name"])
        [again] = recovered.of_kind("Cluster")
        assert "initdb" not in again["spec"]["bootstrap"]
        [archive] = again["spec"]["externalClusters"]
        assert again["spec"]["bootstrap"]["recovery"]["source"] == archive["name"]
        assert archive["plugin"]["parameters"]["serverName"] == "yizhan-database"
        # without an archive there is nothing to come back from
        assert "destination" in alone.error
