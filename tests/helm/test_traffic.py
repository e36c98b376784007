"""How readers come in, and whom each program may speak to."""

from functools import cache

import yaml

from tests.helm.reach import may_reach, selects
from tests.helm.rendering import CHART, EVERYTHING, Rendered, Tree, render, sizes, values_of


class TestService:
    def test_leads_to_the_proxy_inside_the_cluster_alone(self, rendered: Rendered) -> None:
        [service] = rendered.of_kind("Service")
        assert "type" not in service["spec"]
        [port] = service["spec"]["ports"]
        [proxy] = rendered.pods()["web"]["containers"]
        assert (port["name"], port["port"]) == ("http", 80)
        # whoever is ready is led to, and nobody else; a reader's next page may come from another pod
        assert set(service["spec"]) == {"selector", "ports"}
        assert port["targetPort"] in {one["name"] for one in proxy["ports"]}

    def test_is_what_every_way_in_leads_to(self) -> None:
        rendered = sizes()["small"]
        [service] = rendered.of_kind("Service")
        name, [port] = service["metadata"]["name"], service["spec"]["ports"]
        rules = [rule for one in rendered.of_kind("Ingress") for rule in one["spec"]["rules"]]
        paths = [path for rule in rules for path in rule["http"]["paths"]]
        assert len(paths) == 2 + len(EVERYTHING["hallDomains"])
        for path in paths:
            assert (path["path"], path["pathType"]) == ("/", "Prefix")
            assert path["backend"] == {"service": {"name": name, "port": {"name": port["name"]}}}
        [found] = render(values_of("small", {"exposure": {"kind": "gateway", "gateway": {"className": "any"}}}))
        [route] = found.of_kind("HTTPRoute")
        assert [one["backendRefs"] for one in route["spec"]["rules"]] == [[{"name": name, "port": port["port"]}]]

    def test_is_reached_by_names_whose_certificates_are_asked_for(self, rendered: Rendered) -> None:
        given, annotations = _given()
        certificates = {one["spec"]["secretName"]: one["spec"] for one in rendered.of_kind("Certificate")}
        for one in rendered.of_kind("Ingress"):
            [tls] = one["spec"]["tls"]
            certificate = certificates[tls["secretName"]]
            assert tls["hosts"] == certificate["dnsNames"] == [rule["host"] for rule in one["spec"]["rules"]]
            who = "province" if one["metadata"]["name"].endswith("-province") else "halls"
            assert certificate["issuerRef"] == given[who]
            assert (one["spec"]["ingressClassName"], one["metadata"]["annotations"]) == ("nginx", annotations)


class TestDomainsOfHalls:
    def test_have_a_certificate_and_a_way_in_each(self, rendered: Rendered) -> None:
        for domain in EVERYTHING["hallDomains"]:
            [certificate] = [one for one in rendered.of_kind("Certificate") if domain in one["spec"]["dnsNames"]]
            [ingress] = [one for one in rendered.of_kind("Ingress") if one["spec"]["rules"][0]["host"] == domain]
            assert ingress["spec"]["tls"] == [{"hosts": [domain], "secretName": certificate["spec"]["secretName"]}]
            assert certificate["spec"]["issuerRef"]["name"] == "http"

    def test_below_the_province_have_its_wildcard(self, rendered: Rendered) -> None:
        certificate = rendered.one("Certificate", "yz-yizhan-province")
        assert certificate["spec"]["dnsNames"] == ["zwfw.example.gov.cn", "*.zwfw.example.gov.cn"]
        ingress = rendered.one("Ingress", "yz-yizhan-province")
        assert [one["host"] for one in ingress["spec"]["rules"]] == certificate["spec"]["dnsNames"]

    def test_come_by_a_gateway_as_well(self) -> None:
        [found] = render(
            values_of("small", EVERYTHING | {"exposure": {"kind": "gateway", "gateway": {"className": "any"}}})
        )
        [gateway], [route] = found.of_kind("Gateway"), found.of_kind("HTTPRoute")
        hosts = ["zwfw.example.gov.cn", "*.zwfw.example.gov.cn", *EVERYTHING["hallDomains"]]
        assert [one["hostname"] for one in gateway["spec"]["listeners"]] == route["spec"]["hostnames"] == hosts
        secrets = {one["spec"]["secretName"] for one in found.of_kind("Certificate")}
        assert {one["tls"]["certificateRefs"][0]["name"] for one in gateway["spec"]["listeners"]} == secrets
        assert found.of_kind("Ingress") == []


class TestNetwork:
    # what each program speaks to
    NEEDS = {
        "web": {"names", "database", "pool", "broker", "store", "search", "collector", "reports", "outside"},
        "worker": {
            "names",
            "database",
            "pool",
            "broker",
            "store",
            "search",
            "collector",
            "reports",
            "outside",
            "sites",
        },
        "builder": {"names", "database", "broker", "store", "collector", "reports"},
        "relay": {"names", "database", "pool", "broker", "search", "collector", "reports"},
        "scheduler": {"names", "database", "pool", "broker", "collector", "reports"},
        "upgrade": {"names", "database", "store"},
    }
    # an address of each that is outside the cluster, and its port
    PLACES = {
        "database": ("10.10.1.7", 5432),
        "broker": ("10.10.2.7", 6379),
        "store": ("10.10.3.7", 443),
        "search": ("10.72.0.7", 9200),
        "pool": ("10.73.0.7", 6432),
        "reports": ("203.0.113.7", 443),
        "outside": ("198.51.100.7", 443),
    }
    # networks of ours, of the machine that tells a cloud's secrets, and of carriers
    NOWHERE = ("10.99.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1")

    def test_lets_each_program_reach_these_addresses_and_no_other(self, rendered: Rendered) -> None:
        policies = rendered.of_kind("NetworkPolicy")
        ports = {port for _, port in self.PLACES.values()} | {22}
        for component, one in rendered.workloads().items():
            labels, needs = one["spec"]["template"]["metadata"]["labels"], self.NEEDS[component]
            wanted = {place for part, place in self.PLACES.items() if part in needs}
            if "outside" in needs:
                wanted.add(self.PLACES["reports"])
            addresses = [address for address, _ in self.PLACES.values()] + list(self.NOWHERE)
            places = {(address, port) for address in addresses for port in ports}
            assert {place for place in places if may_reach(policies, labels, *place)} == wanted, component
            for protocol in ("TCP", "UDP"):
                assert may_reach(policies, labels, self.NOWHERE[0], 53, protocol), component

    def test_lets_proofs_reach_our_own_sites_at_the_proxy(self, rendered: Rendered) -> None:
        [rule] = rendered.one("NetworkPolicy", "yz-yizhan-to-sites")["spec"]["egress"]
        [peer] = rule["to"]
        assert _selected(rendered, peer["podSelector"]) == {"web"}
        [port] = rendered.pods()["web"]["containers"][0]["ports"]
        assert rule["ports"] == [{"port": port["containerPort"], "protocol": "TCP"}]

    def test_lets_each_program_reach_what_it_needs(self, rendered: Rendered) -> None:
        policies = rendered.of_kind("NetworkPolicy")
        [nothing] = [one for one in policies if one["metadata"]["name"].endswith("-nothing")]
        assert nothing["spec"]["policyTypes"] == ["Ingress", "Egress"]
        assert not {"ingress", "egress"} & set(nothing["spec"])
        assert set(nothing["spec"]["podSelector"]) == {"matchLabels"}
        for one in rendered.workloads().values():
            labels = one["spec"]["template"]["metadata"]["labels"]
            assert nothing["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
        # of the upgrade test_upgrade.py speaks
        reached: dict[str, set[str]] = {component: set() for component in self.NEEDS if component != "upgrade"}
        for one in policies:
            if one["spec"]["policyTypes"] == ["Egress"]:
                for component in one["spec"]["podSelector"]["matchExpressions"][0]["values"]:
                    reached[component].add(one["metadata"]["name"].rpartition("-to-")[2])
        assert reached == {component: self.NEEDS[component] for component in reached}

    def test_keeps_our_own_networks_apart_from_outside(self, rendered: Rendered) -> None:
        policy = rendered.one("NetworkPolicy", "yz-yizhan-to-outside")
        [rule] = policy["spec"]["egress"]
        assert rule["to"][0]["ipBlock"]["except"][:3] == ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
        assert rule["ports"] == [{"port": 443, "protocol": "TCP"}]

    def test_lets_in_the_controller_the_monitor_and_our_own_proofs(self, rendered: Rendered) -> None:
        policy = rendered.one("NetworkPolicy", "yz-yizhan-readers")["spec"]
        assert _selected(rendered, policy["podSelector"]) == {"web"}
        [rule] = policy["ingress"]
        controller, monitor, proofs = rule["from"]
        named = [one["namespaceSelector"]["matchLabels"] for one in (controller, monitor)]
        assert named == [{"kubernetes.io/metadata.name": name} for name in ("ingress-nginx", "monitoring")]
        assert _selected(rendered, proofs["podSelector"]) == {"worker"}
        assert rule["ports"] == [{"port": 8000, "protocol": "TCP"}]


@cache
def _given() -> tuple[Tree, Tree]:
    """Issuers of certificates, and annotations of an Ingress."""
    whole = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
    return values_of("small")["certificates"], whole["exposure"]["ingress"]["annotations"]


def _selected(release: Rendered, selector: Tree) -> set[str]:
    """Components whose pods it means."""
    return {
        component
        for component, one in release.workloads().items()
        if selects(selector, one["spec"]["template"]["metadata"]["labels"])
    }
