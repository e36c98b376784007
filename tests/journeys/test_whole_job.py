"""The whole job on real parts: from an empty province to the proof that no site shows a withdrawn article."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page, expect

from config.queues import BUILDING
from province.halls.models import Hall, HallDomain
from province.halls.states import HallState
from province.rights.roles import Role
from tests.browsing import PageAt
from tests.factories.halls import PASSWORD, make_person
from tests.journeys.looks import WORKED_AT, scrolls_sideways, visit
from tests.journeys.saving import save_now
from tests.roles import as_owner
from tests.servers import ROOT, scratch

DIVISIONS = """\
420000000000,湖北省
420500000000,宜昌市
420582000000,当阳市
420582103000,河溶镇
420582103200,红联村
420582103201,前程村
"""
TITLE = "全省便民服务中心春节期间照常开门"
LONG = 120_000  # milliseconds: templates are migrated at the first provisioning
expect.set_options(timeout=20_000)


@pytest.fixture
def machinery(live_site: str) -> Iterator[None]:
    """The relay, a worker and the builder on this test's database, with a broker of their own."""
    number = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0) % 8 + 8
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "BROKER_URL": settings.BROKER_URL.rpartition("/")[0] + f"/{number}",
    }
    worker = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "-P", "solo", "-l", "WARNING"]
    programs = (
        ("relay", [str(Path(sys.executable).parent / "yizhan"), "relay"]),
        ("worker", [*worker, "-n", "worker@%h"]),
        ("builder", [*worker, "-n", "builder@%h", "-Q", BUILDING]),
    )
    running = []
    for name, command in programs:
        with Path(scratch() / f"whole-job-{name}.log").open("wb") as log:
            special = {"YIZHAN_AS_OWNER": "1"} if name == "builder" else {}
            running.append(subprocess.Popen(command, cwd=ROOT, env=environment | special, stdout=log, stderr=log))
    yield
    for program in running:
        program.terminate()
    for program in running:
        program.wait(timeout=30)


@pytest.fixture
def empty_province(machinery: None) -> None:
    """Nothing but people: two operators, and a third for the final review."""
    schemas = Hall.objects.values_list("schema_name", flat=True)
    with as_owner(), connection.cursor() as cursor:
        for schema in list(schemas):
            cursor.execute(f'DROP SCHEMA "{schema}" CASCADE')
        cursor.execute("TRUNCATE halls_hall, halls_division CASCADE")
    make_person("feng", "冯审", Role.PROVINCE_OPERATOR)
    make_person("chen", "陈审", Role.PROVINCE_OPERATOR)


def sign_in(page_at: PageAt, username: str, width: int) -> Page:
    page = page_at("yizhan.localhost", "/sign-in/", width)
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/console/")
    return page


def go(page: Page, path: str) -> None:
    visit(page, path)
    assert not scrolls_sideways(page)


@WORKED_AT
class TestWholeJob:
    def test_goes_from_an_empty_province_to_a_proven_withdrawal(
        self, empty_province: None, page_at: PageAt, width: int
    ) -> None:
        zhao = sign_in(page_at, "zhao", width)
        self._load_divisions(zhao)
        self._provision(zhao)
        version = self._write_and_submit(zhao)
        for reviewer in ("qian", "feng", "chen"):
            self._pass_review(sign_in(page_at, reviewer, width), version)
        push = self._push(zhao, version)
        self._read_everywhere(page_at, push, width)
        self._withdraw(zhao)
        self._find_gone_everywhere(page_at, push, width)

    def _load_divisions(self, page: Page) -> None:
        expect(page.get_by_role("heading", name="开始使用")).to_be_visible()
        page.get_by_role("link", name="载入区划代码").click()
        file = {"name": "42.csv", "mimeType": "text/csv", "buffer": DIVISIONS.encode()}
        page.get_by_label("区划代码文件").set_input_files(file)  # type: ignore[arg-type]
        page.get_by_role("button", name="载入").click()
        expect(page.get_by_text("已载入 6 个区划")).to_be_visible()

    def _provision(self, page: Page) -> None:
        go(page, "/console/rollouts/new/")
        page.get_by_role("combobox", name="区划").fill("42")
        page.get_by_role("button", name="先看看会开通哪些").click()
        expect(page.get_by_role("heading", name="将开通 5 个服务厅")).to_be_visible()
        assert not Hall.objects.exists()
        page.get_by_role("button", name="开通这 5 个").click()
        expect(page.get_by_role("status")).to_contain_text("已完成", timeout=LONG)
        page.get_by_role("link", name="去看这些服务厅").click()
        expect(page.get_by_text("共 5 个")).to_be_visible()
        assert set(Hall.objects.values_list("state", flat=True)) == {HallState.TRIAL}

    def _write_and_submit(self, page: Page) -> str:
        go(page, "/console/manuscripts/new/")
        page.get_by_label("标题").fill(TITLE)
        page.get_by_role("button", name="开始写").click()
        page.locator(".editor.is-ready [contenteditable]").fill("春节七天，各级便民服务中心安排人员值守。")
        save_now(page)
        expect(page.get_by_text("已自动保存")).to_be_visible()
        page.get_by_role("button", name="提交审核").click()
        expect(page.get_by_text("第 1 版已提交审核")).to_be_visible()
        return page.url

    def _pass_review(self, page: Page, version: str) -> None:
        page.goto(version)
        page.get_by_role("button", name="通过").click()
        expect(page.get_by_text("已通过，现在是")).to_be_visible()
        page.context.close()

    def _push(self, page: Page, version: str) -> str:
        page.goto(version)
        page.get_by_role("link", name="推送", exact=True).click()
        onward = page.get_by_role("button", name="推送", exact=True)
        expect(onward).to_be_disabled()
        page.get_by_role("button", name="全选").click()
        # the tree opens at once; without the village of Qiancheng, and then with it again
        page.get_by_text("宜昌市", exact=True).first.click()
        page.get_by_text("当阳市", exact=True).first.click()
        page.get_by_text("河溶镇", exact=True).first.click()
        page.get_by_role("checkbox", name="前程村").uncheck()
        expect(page.locator(".audience-line")).to_contain_text("将在 4 个服务厅显示，另有 1 个被排除")
        page.get_by_role("button", name="不再排除前程村").click()
        expect(page.locator(".audience-line")).to_have_text("将在 5 个服务厅显示")
        assert not scrolls_sideways(page)
        onward.click()
        expect(page.get_by_text("已推送，各服务厅网站立即显示。")).to_be_visible()
        expect(page.get_by_text("已核验 5 个服务厅：正确 5 个")).to_be_visible(timeout=LONG)
        return page.url.rstrip("/").rpartition("/")[2]

    def _read_everywhere(self, page_at: PageAt, push: str, width: int) -> None:
        for domain in HallDomain.objects.values_list("domain", flat=True):
            reader = page_at(domain, "/", width)
            expect(reader.get_by_role("link", name=TITLE).first).to_be_visible()
            go(reader, f"/p/{push}/")
            expect(reader.get_by_role("heading", name=TITLE)).to_be_visible()
            reader.context.close()

    def _withdraw(self, page: Page) -> None:
        page.get_by_role("link", name="撤稿", exact=True).click()
        expect(page.get_by_text("将从 5 个服务厅的网站撤下")).to_be_visible()
        page.get_by_role("textbox", name="原因").fill("安排有变")
        page.get_by_role("button", name="立即撤稿").click()
        expect(page.get_by_text("已撤稿，各服务厅网站立即生效。")).to_be_visible()
        expect(page.get_by_text("已核验 5 个服务厅：正确 5 个")).to_be_visible(timeout=LONG)
        expect(page.get_by_text("应为“已删除（410）”")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV").click()
        receipt = download.value.path().read_text(encoding="utf-8-sig")
        assert receipt.count("正确") == 5

    def _find_gone_everywhere(self, page_at: PageAt, push: str, width: int) -> None:
        for domain in HallDomain.objects.values_list("domain", flat=True):
            reader = page_at(domain, f"/p/{push}/", width)
            assert "春节七天" not in reader.content()
            go(reader, "/")
            expect(reader.get_by_role("link", name=TITLE)).to_have_count(0)
            reader.context.close()
