"""Whatever a program sends, the API answers as its OpenAPI document says, and never with a stack trace."""

import json
import random
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings

from province.people.models import Account
from province.rights.permissions import PERMISSIONS
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.factories.manuscripts import make_manuscript, make_version_in_review

pytestmark = pytest.mark.django_db
ROOTS = tuple(f"/api/province/v1/content/{noun}" for noun in ("manuscripts", "reviews", "assets", "library"))


@pytest.fixture
def client() -> Client:
    key = issue_token(
        by=person("zhao"), account=Account.objects.get(username="zhao"), name="测试", scopes=tuple(PERMISSIONS)
    )
    headers = {"host": "yizhan.localhost", "authorization": f"Bearer {key}"}
    return Client(headers=headers, raise_request_exception=False)


def _operations(client: Client) -> list[Any]:
    document = client.get("/api/province/v1/openapi.json").json()
    found = [result.ok() for result in schemathesis.openapi.from_dict(document).get_all_operations()]
    return [one for one in found if one.path.startswith(ROOTS) and "multipart/form-data" not in str(one.definition.raw)]


def _strays(client: Client, operation: Any, known: list[UUID]) -> list[tuple[object, ...]]:
    """What was sent where the answer was none of those that the document names for this operation."""
    found = []

    @settings(max_examples=5, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def call(case: Any) -> None:
        path = operation.path
        for name in case.path_parameters or {}:
            path = path.replace(f"{{{name}}}", str(random.choice(known)))  # noqa: S311 - no secret
        query = urlencode(case.query or {}, doseq=True, errors="replace")
        body = json.dumps(case.body) if isinstance(case.body, dict | list) else ""
        answer = client.generic(operation.method.upper(), f"{path}?{query}", body, content_type="application/json")
        if str(answer.status_code) not in operation.definition.raw["responses"]:
            found.append((operation.method, path, query, body, answer.status_code))

    call()
    return found


class TestContentApi:
    def test_keeps_its_word(self, client: Client) -> None:
        known = [make_manuscript().id, make_version_in_review().id]
        operations = _operations(client)
        assert len(operations) > 20
        assert [stray for operation in operations for stray in _strays(client, operation, known)] == []
