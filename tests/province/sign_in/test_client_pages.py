"""Systems that sign their people in here: what the console can do with them."""

import re

import pytest
from django.test import Client

from province.audit.models import AuditEntry
from province.sign_in.models import OidcClient
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.factories.people import account, client_of
from tests.isolation.asking import PROVINCE

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
        acts = AuditEntry.objects.filter(object_type="client").order_by("pk").values_list("act", flat=True)
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


class TestClientApi:
    ROOT = "/api/province/v1/sign_in/clients"

    def test_does_what_the_pages_do(self) -> None:
        key = issue_token(by=person("zhao"), account=account("zhao"), name="测试", scopes=["tokens.manage"])
        zhao = Client(headers={"host": PROVINCE, "authorization": f"Bearer {key}"})
        given = {"name": "人事系统", "redirect_uris": [BACK], "scopes": ["profile"]}
        made = zhao.post(self.ROOT, given, content_type="application/json")
        assert made.status_code == 201, made.content.decode()
        own = f"{self.ROOT}/{made.json()['client_id']}"
        assert zhao.patch(own, {"redirect_uris": []}, content_type="application/json").status_code == 422
        further = [BACK, "https://hr.example.gov.cn/other"]
        changed = zhao.patch(own, {"redirect_uris": further}, content_type="application/json").json()
        assert (changed["redirect_uris"], changed["backchannel_logout_uri"]) == (further, "")
        assert zhao.post(f"{own}/secret").json()["secret"] != made.json()["secret"]
        assert zhao.delete(own).json()["revoked_at"]
        assert zhao.post(f"{own}/secret").status_code == 404
        assert [one["name"] for one in zhao.get(self.ROOT).json()["items"]] == ["人事系统"]
