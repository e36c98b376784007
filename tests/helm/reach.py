"""What network policies let through, as Kubernetes has it: a pod that no policy of a direction selects may do all; one
that is selected, what any of these lets it."""

import ipaddress
from collections.abc import Iterable
from functools import cache

from tests.helm.rendering import Tree

HOOK = "helm.sh/hook"


def is_hook(document: Tree) -> bool:
    return HOOK in document["metadata"].get("annotations", {})


def weight_of(hook: Tree) -> int:
    return int(hook["metadata"]["annotations"].get("helm.sh/hook-weight", "0"))


def selects(selector: Tree, labels: dict[str, str]) -> bool:
    """Whether a selector of pods, empty for all, means these labels."""
    if not selector.get("matchLabels", {}).items() <= labels.items():
        return False
    for one in selector.get("matchExpressions", []):
        is_in = labels.get(one["key"]) in one.get("values", [])
        if not {"In": is_in, "NotIn": not is_in, "Exists": one["key"] in labels}[one["operator"]]:
            return False
    return True


def may_reach(policies: Iterable[Tree], labels: dict[str, str], address: str, port: int, protocol: str = "TCP") -> bool:
    """Whether a pod with these labels may open a connection to an address outside the cluster."""
    selecting = [
        one["spec"]
        for one in policies
        if "Egress" in one["spec"]["policyTypes"] and selects(one["spec"]["podSelector"], labels)
    ]
    rules = [rule for one in selecting for rule in one.get("egress", [])]
    return not selecting or any(_is_to(rule, address) and _is_at(rule, port, protocol) for rule in rules)


def is_isolated(policies: Iterable[Tree], labels: dict[str, str]) -> bool:
    """Whether some policy selects it for each direction, so that it may no more than is said."""
    directions = {
        direction
        for one in policies
        if selects(one["spec"]["podSelector"], labels)
        for direction in one["spec"]["policyTypes"]
    }
    return directions == {"Ingress", "Egress"}


def _is_to(rule: Tree, address: str) -> bool:
    return "to" not in rule or any("ipBlock" in peer and _is_in(peer["ipBlock"], address) for peer in rule["to"])


def _is_in(block: Tree, address: str) -> bool:
    is_inside = _has(block["cidr"], address)
    return is_inside and not any(_has(one, address) for one in block.get("except", []))


@cache
def _has(network: str, address: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network(network)


def _is_at(rule: Tree, port: int, protocol: str) -> bool:
    asked = (port, protocol)
    return "ports" not in rule or any((one["port"], one.get("protocol", "TCP")) == asked for one in rule["ports"])
