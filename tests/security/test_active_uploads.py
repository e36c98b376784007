"""Documents that run, fetch or send something: no endpoint of the APIs that takes a file takes one of them.

Endpoints come from the OpenAPI documents, so that a new one is asked without a line here. Some documents for each
always, all in a soak.
"""

import json
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from ninja.openapi.schema import get_schema

from tests.factories.documents import pdf
from tests.isolation.asking import PROVINCE
from tests.isolation.filled import Filled
from tests.isolation.routes import API_DOCUMENTS, routes_of
from tests.isolation.untouched import undone
from tests.security.bodies import whole_example
from tests.security.test_active_documents import SAMPLES
from tests.security.test_bodies import client_of
from tests.soak import SOAK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

EACH = len(SAMPLES) if SOAK else 1
# where the state of a case has to be right first: test_late_uploads.py
LATE = ("own/{case_id}/uploads", "/give-with-paper", "/enter-with-paper", "/special-end-with-papers")
# what a form must say beside its file, so that somebody looks at the file
_SAID = {"desk_prefix": "42", "desk": "42"}


def uploads_of(host: str, filled: Filled) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Of each endpoint that takes files its method, template and address, and the fields of a right form; a file is
    None."""
    api, root = API_DOCUMENTS[host]
    document = get_schema(api, path_prefix=root)
    schemas = document["components"]["schemas"]
    routes = {route.template: route for route in routes_of(host)}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "multipart/form-data" not in content:
                continue
            fields = content["multipart/form-data"]["schema"]["properties"]
            form = {
                name: None if said.get("format") == "binary" else whole_example(said, schemas, address=path, name=name)
                for name, said in fields.items()
            }
            form |= {name: value for name, value in _SAID.items() if name in form}
            yield method, path, filled.path(routes[path.replace("//", "/")]), form


def _active(path: str) -> Iterator[tuple[str, str, bytes]]:
    first = crc32(path.encode())
    for number in range(EACH):
        what, name, make = SAMPLES[(first + number) % len(SAMPLES)]
        yield what, name, make()


def _field(value: Any, name: str, content: bytes) -> Any:
    if value is None:
        return SimpleUploadedFile(name, content)
    return value if isinstance(value, str) else json.dumps(value)


@pytest.mark.soak
@pytest.mark.parametrize("host", ["hall", "province"])
class TestUpload:
    def test_takes_no_active_document(self, host: str, filled: dict[str, Filled]) -> None:
        client = client_of(filled["north"].host if host == "hall" else PROVINCE)
        strays, taken = [], 0
        for method, path, address, form in uploads_of(host, filled["north"]):
            for what, name, content in [*_active(path), ("a PDF", "通知.pdf", pdf())]:
                fields = {field: _field(value, name, content) for field, value in form.items()}
                with undone():
                    answer = getattr(client, method)(address, fields)
                is_harmless = what == "a PDF"
                taken += is_harmless and answer.status_code < 300
                if answer.status_code >= 500 or (answer.status_code < 400 and not is_harmless):
                    strays.append(f"{method} {path} with {what}: {answer.status_code}")
                # else nobody would have looked at the file
                if is_harmless and answer.status_code not in {200, 201, 422} and not path.endswith(LATE):
                    strays.append(f"{method} {path} takes no file at all: {answer.status_code}")
        assert strays == []
        assert taken >= 1
