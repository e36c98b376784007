"""The host at which browsers fetch files."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import httpx
from minio import Minio

from tests.machine.conftest import Machine

HOST = "files.yizhan.localhost"


class TestFilesHost:
    def test_gives_what_a_link_names_and_nothing_else(self, machine: Machine) -> None:
        content = "办理说明".encode()
        secrets = machine.secrets
        keys = {"access_key": secrets.s3_access_key, "secret_key": secrets.s3_secret_key, "region": "us-east-1"}
        store = Minio(f"127.0.0.1:{machine.port('S3')}", secure=False, **keys)
        store.put_object("yizhan", "desks/说明.txt", BytesIO(content), len(content), content_type="text/plain")
        links = Minio(f"{HOST}:{machine.port('WEB')}", secure=False, **keys)
        link = urlsplit(links.presigned_get_object("yizhan", "desks/说明.txt", expires=timedelta(minutes=5)))
        with httpx.Client(base_url=f"http://127.0.0.1:{machine.port('WEB')}", headers={"Host": link.netloc}) as browser:
            shown = browser.get(f"{link.path}?{link.query}")
            assert (shown.status_code, shown.content) == (200, content)
            assert shown.headers["X-Content-Type-Options"] == "nosniff"
            assert shown.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert "Server" not in shown.headers
            assert browser.get(link.path).status_code == 403
            assert browser.get("/yizhan/?list-type=2").status_code == 403
            for method in ("PUT", "POST", "DELETE"):
                assert browser.request(method, f"{link.path}?{link.query}").status_code == 405
        assert store.get_object("yizhan", "desks/说明.txt").data == content
