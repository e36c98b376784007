"""Whatever a program sends, both APIs answer as their OpenAPI documents say, and never with a fault of their own.

A few hundred cases always; twenty thousand with YIZHAN_SOAK=1 (``make soak``).
"""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.schemas import APIOperation

from province.people.models import Account
from province.rights.permissions import PERMISSIONS
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.isolation.asking import PROVINCE
from tests.isolation.filled import Filled
from tests.isolation.routes import Route, routes_of
from tests.soak import SOAK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

# any bytes stand for a workbook
schemathesis.openapi.media_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", st.binary())

ALL_CASES = 20_000 if SOAK else 600
HOSTS = {"province": PROVINCE, "hall": "north.yizhan.localhost"}


@dataclass
class Contract:
    """One API, asked by the person who may do most there. ``strays``: what was sent where the answer was none of those
    that the document names."""

    client: Client
    filled: Filled
    routes: dict[str, Route]
    calls: int = 0
    strays: list[str] = field(default_factory=list)

    def call(self, operation: APIOperation, case: Any, *, is_known: bool) -> None:
        """``is_known``: with the ids of things that are there, instead of any."""
        route = self.routes[operation.path]
        path = self.filled.path(route) if is_known else operation.path
        for name, value in (case.path_parameters or {}).items():
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        address = f"{path}?{urlencode(_plain(case.query), doseq=True, errors='replace')}"
        with transaction.atomic():
            answer = self._send(operation, address, case)
            transaction.set_rollback(True)
        self.calls += 1
        declared = operation.definition.raw["responses"]
        if str(answer.status_code) not in declared:
            self.strays.append(f"{operation.label} {address} {str(case.body)[:300]}: {answer.status_code}")
        elif answer.status_code >= 400 and answer.headers["Content-Type"] != "application/problem+json":
            self.strays.append(f"{operation.label} {address}: {answer.status_code} {answer.headers['Content-Type']}")

    def _send(self, operation: APIOperation, address: str, case: Any) -> Any:
        media_type = case.media_type or "application/json"
        if media_type == "multipart/form-data" and isinstance(case.body, dict):
            content = {name: _part(value) for name, value in case.body.items() if value is not None}
            return getattr(self.client, operation.method)(address, content) if operation.method == "post" else None
        body = case.body if isinstance(case.body, bytes | str) else json.dumps(_plain(case.body))
        return self.client.generic(operation.method.upper(), address, body, content_type=media_type)


def _plain(value: Any) -> Any:
    """schemathesis marks what was not generated."""
    return {} if value is None or type(value).__name__ == "NotSet" else value


def _part(value: Any) -> Any:
    if isinstance(value, bytes):
        return SimpleUploadedFile("文件.jpg", value)
    return value if isinstance(value, str | int) else json.dumps(value, default=str)


@pytest.fixture(params=["province", "hall"])
def contract(request: pytest.FixtureRequest, filled: dict[str, Filled]) -> Contract:
    host: str = request.param
    who = "zhao" if host == "province" else "sun"
    key = issue_token(by=person(who), account=Account.objects.get(username=who), name="契约", scopes=[*PERMISSIONS])
    headers = {"host": HOSTS[host], "authorization": f"Bearer {key}"}
    client = Client(headers=headers, raise_request_exception=False)
    return Contract(client, filled["north"], {route.template: route for route in routes_of(host)})


def operations_of(contract: Contract) -> list[APIOperation]:
    root = next(template for template in contract.routes if template.endswith("openapi.json"))
    document = contract.client.get(root).json()
    return [found.ok() for found in schemathesis.openapi.from_dict(document).get_all_operations()]


class TestApi:
    @pytest.mark.soak
    def test_keeps_its_word(self, contract: Contract) -> None:
        operations = operations_of(contract)
        assert len(operations) > 30
        # both documents together have some more operations than this one
        each = max(2, ALL_CASES // (2 * len(operations)) + 1)
        for operation in operations:
            _ask_each_way(contract, operation, each)
        assert not contract.strays, "\n".join(contract.strays)
        assert contract.calls >= ALL_CASES // 2


def _ask_each_way(contract: Contract, operation: APIOperation, times: int) -> None:
    @settings(max_examples=times, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), is_known=st.booleans())
    def ask(case: Any, *, is_known: bool) -> None:
        contract.call(operation, case, is_known=is_known)

    ask()
