"""Systems that sign their people in here: what the console can do with them."""

import re

import pytest

from province.audit.models import AuditEntry
from province.sign_in.models import OidcClient
from tests.factories.people import client_of

pytestmark = pytest.mark.django_db
CLIENTS = "/console/settings/clients/"
BACK = "https://hr.example.gov.cn/callback"


def secret_on(page: str) -> str:
    [secret] = re.findall(r'id="client-secret" class="key" value="([^"]+)"', page)
    return secret


class TestClientPages:
    def test_register_change_rotate_and_end(self) -> None:
        zhao = client_of("zhao")
        form = {"name": "人事系统", "redirect_uris": BACK, "scopes": ["profile"]}
        first = secret_on(zhao.post(CLIENTS, form).content.decode())
        client = OidcClient.objects.get()
        own = f"{CLIENTS}{client.client_id}/"
        digest = client.secret_digest
        # shown once
        for path in (CLIENTS, own):
            assert first not in zhao.get(path).content.decode()
        assert "人事系统" in zhao.get(CLIENTS).content.decode()

        changed = {"redirect_uris": f"{BACK}\nhttps://hr.example.gov.cn/other", "backchannel_logout_uri": ""}
        assert zhao.post(own, changed).status_code == 302
        client.refresh_from_db()
        assert client.redirect_uris == [BACK, "https://hr.example.gov.cn/other"]

        second = secret_on(zhao.post(f"{own}secret/").content.decode())
        client.refresh_from_db()
        assert second != first
        assert client.secret_digest != digest

        assert zhao.post(f"{own}revoke/").status_code == 302
        client.refresh_from_db()
        assert client.revoked_at
        assert zhao.post(f"{own}secret/").status_code == 404
        acts = AuditEntry.objects.filter(object_type="client").order_by("created_at").values_list("act", flat=True)
        assert [act.partition(".")[2] for act in acts] == [
            "add_client",
            "change_client",
            "rotate_client_secret",
            "revoke_client",
        ]

    def test_say_which_address_is_wrong(self) -> None:
        zhao = client_of("zhao")
        answer = zhao.post(CLIENTS, {"name": "人事系统", "redirect_uris": f"{BACK} http://hr.example.gov.cn/x"})
        assert answer.status_code == 422
        assert "http://hr.example.gov.cn/x：地址必须是完整的 https 地址" in answer.content.decode()
        assert not OidcClient.objects.exists()

    def test_are_for_who_manages_keys(self) -> None:
        assert client_of("wei").get(CLIENTS).status_code == 403
