"""Whom one calls about a media account: sealed in the table, masked on pages, whole only with an entry."""

import io
import json

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from foundation.errors import NotAllowed
from province.audit.models import AuditEntry
from province.content.models import MediaAccount
from province.content.operations.account_imports import import_accounts
from province.content.operations.accounts import change_account
from province.content.operations.contacts import export_contacts, reveal_contact
from province.content.queries.accounts import accounts_table
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.accounts import account_row, make_account, workbook
from tests.factories.people import program_of
from tests.province.content.test_views import client_of

pytestmark = pytest.mark.django_db
PHONE, NAME = "13812345678", "王小芳"


def rows_as_kept() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT json_agg(a)::text FROM content_mediaaccount AS a")
        [(text,)] = cursor.fetchall()
    return str(text)


class TestTable:
    def test_of_accounts_is_sealed_and_still_compared(self) -> None:
        rows = [account_row(one, contact_name=NAME, contact_phone=PHONE) for one in (1, 2)]
        by = person("zhao")
        assert import_accounts(by=by, file=workbook(rows)).created == 2
        kept = rows_as_kept()
        assert (PHONE in kept, NAME in kept) == (False, False)
        first, second = MediaAccount.objects.order_by("external_id")
        assert (first.contact_name.plain, second.contact_phone.plain) == (NAME, PHONE)
        # what is the same stays as it is, though nothing is ever sealed twice alike
        report = import_accounts(by=by, file=workbook(rows))
        assert (report.unchanged, report.updated, rows_as_kept()) == (2, 0, kept)
        changed = account_row(2, contact_name="李静", contact_phone="0717-3222222")
        assert import_accounts(by=by, file=workbook([rows[0], changed])).updated == 1
        second.refresh_from_db()
        assert (second.contact_name.plain, str(second.contact_name)) == ("李静", "李*")
        assert list(accounts_table(by=by, search="138 1234 5678")) == [first]
        assert list(accounts_table(by=by, search="(0717)3222222")) == [second]
        change_account(by=by, account=second, contact_phone=PHONE)
        assert set(accounts_table(by=by, search=PHONE)) == {first, second}


class TestContact:
    def test_is_whole_only_for_who_may_and_with_an_entry(self, north: Hall) -> None:
        account = make_account(north, contact_name=NAME, contact_phone=PHONE)
        zhao = client_of("zhao")
        for address in ("", "?format=csv", f"{account.pk}/"):
            assert PHONE not in zhao.get(f"/console/accounts/{address}").getvalue().decode()
        page = zhao.get(f"/console/accounts/{account.pk}/").content.decode()
        assert ("138****5678" in page, "王*芳" in page) == (True, True)
        # saving the form with its empty fields leaves the contact as it is
        filled = {"act": "change", "name": "新名称", "owner": account.owner}
        assert zhao.post(f"/console/accounts/{account.pk}/", filled).status_code == 302
        account.refresh_from_db()
        assert (account.name, account.contact_phone.plain) == ("新名称", PHONE)
        assert PHONE in zhao.post(f"/console/accounts/{account.pk}/contact/").content.decode()
        content = zhao.post("/console/accounts/contacts/", {"search": "新名称"}).getvalue()
        [_, row] = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        assert row[-2:] == [NAME, PHONE]
        entries = AuditEntry.objects.filter(act__in=("accounts.reveal_contact", "accounts.export_contacts"))
        assert entries.count() == 2
        assert PHONE not in json.dumps(list(AuditEntry.objects.values_list("changes", flat=True)))
        filled |= {"removes_contact": "on"}
        assert zhao.post(f"/console/accounts/{account.pk}/", filled).status_code == 302
        account.refresh_from_db()
        assert not account.contact_phone

    def test_is_not_another_halls(self, north: Hall) -> None:
        account = make_account(north, contact_name=NAME, contact_phone=PHONE)
        with pytest.raises(NotAllowed):
            reveal_contact(by=person("zhou"), account=account)
        assert export_contacts(by=person("zhou")) == []
        assert client_of("zhou").post(f"/console/accounts/{account.pk}/contact/").status_code == 404
        whole = program_of("sun").post(f"/api/province/v1/content/accounts/{account.pk}/contact")
        assert PHONE not in program_of("sun").get(f"/api/province/v1/content/accounts/{account.pk}").content.decode()
        assert whole.json() == {"contact_name": NAME, "contact_phone": PHONE}
