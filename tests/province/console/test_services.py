"""The page of services outside: which adapter is active, and whether it answers now."""

import socket
import time
from http.server import BaseHTTPRequestHandler

import pytest
from django.test import Client, override_settings

from config.doctor.findings import DoctorFault
from config.doctor.services import store_quick
from tests.factories.people import client_of
from tests.factories.sign_in import NORTH, PROVINCE
from tests.servers import answering, free_port

pytestmark = pytest.mark.django_db
SERVICES = "/console/services/"

_LIST = b"""<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>yizhan</Name>
<Prefix/><KeyCount>0</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>"""


class _SlowStore(BaseHTTPRequestHandler):
    """Answers all that it is asked, after a second and more."""

    def do_GET(self) -> None:
        time.sleep(1.1)
        self.send_response(200)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(_LIST)))
        self.end_headers()
        self.wfile.write(_LIST)

    def log_message(self, *args: object) -> None:
        """Silent."""


class TestServicesPage:
    def test_tells_what_is_set_and_turns_red_where_nobody_answers(self) -> None:
        page = client_of("xu").get(SERVICES).content.decode()
        assert "短信网关" in page
        assert "没有设置，文件不经扫描" in page
        address = f"127.0.0.1:{free_port()}"
        with override_settings(CLAMAV_ADDRESS=address):
            page = client_of("xu").get(SERVICES).content.decode()
        assert '<span class="light red">没有应答，文件不能上传</span>' in page
        with override_settings(
            MESSAGE_GATEWAY="http", MESSAGE_GATEWAY_URL=f"http://{address}/", MESSAGE_GATEWAY_KEY=bytes(range(32))
        ):
            assert '<span class="light red">没有按约定答复</span>' in client_of("xu").get(SERVICES).content.decode()
        # where it is, and any key, stay on the machine
        assert address not in page

    def test_turns_red_where_the_store_is_slow_or_hangs_and_pages_go_on(self) -> None:
        with answering(_SlowStore) as address, override_settings(S3_ENDPOINT=f"http://{address}"):
            assert '<span class="light red">应答慢，用了 1.' in client_of("xu").get(SERVICES).content.decode()
            fault = store_quick()
            assert isinstance(fault, DoctorFault)
            assert "应答慢" in fault.fault
        # it takes every call and answers none
        with (
            socket.create_server(("127.0.0.1", 0), backlog=20) as store,
            override_settings(S3_ENDPOINT=f"http://127.0.0.1:{store.getsockname()[1]}"),
        ):
            page = client_of("xu").get(SERVICES).content.decode()
            assert '<span class="light red">没有应答，图片和附件打不开</span>' in page
            for host in (NORTH, PROVINCE):
                assert Client(headers={"host": host}).get("/").status_code == 200

    def test_is_for_who_keeps_the_installation(self) -> None:
        assert client_of("wei").get(SERVICES).status_code == 403
        assert SERVICES in client_of("xu").get("/console/").content.decode()
