"""How readers come in, and whom each program may speak to."""

from tests.helm.rendering import EVERYTHING, Rendered, render, sizes, values_of


class TestService:
    def test_leads_to_the_proxy_inside_the_cluster_alone(self, rendered: Rendered) -> None:
        [service] = rendered.of_kind("Service")
        assert "type" not in service["spec"]
        [port] = service["spec"]["ports"]
        [proxy] = rendered.pods()["web"]["containers"]
        assert (port["name"], port["port"]) == ("http", 80)
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
    # what each program speaks to; of the upgrade test_upgrade.py speaks
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
    }

    def test_lets_each_program_reach_what_it_needs(self, rendered: Rendered) -> None:
        policies = rendered.of_kind("NetworkPolicy")
        [nothing] = [one for one in policies if one["metadata"]["name"].endswith("-nothing")]
        assert nothing["spec"]["policyTypes"] == ["Ingress", "Egress"]
        assert not {"ingress", "egress"} & set(nothing["spec"])
        assert set(nothing["spec"]["podSelector"]) == {"matchLabels"}
        for one in rendered.workloads().values():
            labels = one["spec"]["template"]["metadata"]["labels"]
            assert nothing["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
        reached: dict[str, set[str]] = {component: set() for component in self.NEEDS}
        for one in policies:
            if one["spec"]["policyTypes"] == ["Egress"]:
                for component in one["spec"]["podSelector"]["matchExpressions"][0]["values"]:
                    reached[component].add(one["metadata"]["name"].rpartition("-to-")[2])
        assert reached == self.NEEDS

    def test_keeps_our_own_networks_apart_from_outside(self, rendered: Rendered) -> None:
        policy = rendered.one("NetworkPolicy", "yz-yizhan-to-outside")
        [rule] = policy["spec"]["egress"]
        assert rule["to"][0]["ipBlock"]["except"][:3] == ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
        assert rule["ports"] == [{"port": 443, "protocol": "TCP"}]

    def test_lets_in_the_controller_the_monitor_and_our_own_proofs(self, rendered: Rendered) -> None:
        policy = rendered.one("NetworkPolicy", "yz-yizhan-readers")["spec"]
        labels = rendered.workloads()["web"]["spec"]["template"]["metadata"]["labels"]
        assert policy["podSelector"]["matchLabels"].items() <= labels.items()
        [rule] = policy["ingress"]
        assert len(rule["from"]) == 3
        assert rule["ports"] == [{"port": 8000, "protocol": "TCP"}]
