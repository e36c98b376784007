"""The page of services outside: which adapter is active, and whether it answers now."""

import pytest
from django.test import override_settings

from tests.factories.people import client_of
from tests.servers import free_port

pytestmark = pytest.mark.django_db
SERVICES = "/console/services/"


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

    def test_is_for_who_keeps_the_installation(self) -> None:
        assert client_of("wei").get(SERVICES).status_code == 403
        assert SERVICES in client_of("xu").get("/console/").content.decode()
