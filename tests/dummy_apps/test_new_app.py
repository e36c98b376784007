"""An app is added by its own folder and the lists in the settings: two that contribute to every slot show up.

They run in a process of their own, as a program does that starts with other settings.
"""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from foundation.contributions import Slot
from province.audit.queries import acts
from province.console import slots as console_slots
from province.content.queries import previews
from province.halls.queries import columns
from province.people.queries import work
from tenants.shell import slots as shell_slots
from tests.plugin import ask, clone_database
from tests.servers import ROOT

DATABASE = "dummy_apps"
# of which there is one in the whole program, filled already
SINGLE = {"console.hall_directory", "content.preview", "shell.citizens"}


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    clone_database(DATABASE)
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    owners_server, _, _ = os.environ["DATABASE_OWNER_URL"].rpartition("/")
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore::RuntimeWarning", "-m", "tests.dummy_apps.checks"],
            check=False,
            cwd=ROOT,
            env=os.environ
            | {
                "DATABASE_URL": f"{server}/{DATABASE}",
                "DATABASE_OWNER_URL": f"{owners_server}/{DATABASE}",
                "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
                "DJANGO_SETTINGS_MODULE": "tests.dummy_apps.settings",
            },
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found
    finally:
        ask(f'DROP DATABASE "{DATABASE}" WITH (FORCE)')


@pytest.fixture(scope="module")
def pages(facts: dict[str, Any]) -> dict[str, str]:
    """Texts of the pages that answered."""
    return {path: text for path, (status, text) in facts["pages"].items() if status == 200}


@pytest.fixture(scope="module")
def statuses(facts: dict[str, Any]) -> dict[str, int]:
    return {path: status for path, (status, _) in facts["pages"].items()}


class TestDummyApps:
    def test_fill_every_slot_that_takes_more_than_one(self) -> None:
        written = "".join(
            path.read_text(encoding="utf-8") for path in (ROOT / "tests/dummy_apps").glob("*/contribution.py")
        )
        names = {
            slot.name: name
            for module in (acts, work, console_slots, columns, previews, shell_slots)
            for name, slot in vars(module).items()
            if isinstance(slot, Slot)
        }
        assert len(names) > 18
        assert {slot for slot, name in names.items() if f"    {name}(" not in written} == SINGLE

    def test_are_named_nowhere_else(self) -> None:
        folders = ("config", "platform", "tenants", "provisioning")
        strays = [
            str(path)
            for folder in folders
            for path in (ROOT / folder).rglob("*")
            if path.suffix in {".py", ".html"} and "dummy_apps" in path.read_text(encoding="utf-8")
        ]
        assert strays == []


class TestAppOfTheProvince:
    def test_stands_in_the_consoles_navigation(self, pages: dict[str, str]) -> None:
        assert '<p class="group">通告栏</p>' in pages["console"]
        assert '<a href="/console/notices/" aria-current="page">' in pages["page"]
        assert '<a href="/console/notices/" aria-current="page">' in pages["subpage"]

    def test_stands_there_for_those_alone_who_may_go_there(self, pages: dict[str, str]) -> None:
        assert "通告栏" not in pages["console_elsewhere"]
        assert "通告横幅" in pages["console_elsewhere"]

    def test_gives_its_permission_to_ready_made_roles(self, facts: dict[str, Any], pages: dict[str, str]) -> None:
        assert facts["ready_roles"] == ["province_operator"]
        assert "通告栏" in pages["console_of_operator"]

    def test_is_found_by_the_search(self, pages: dict[str, str]) -> None:
        assert "关于停电的通告" in pages["search"]
        assert "和通告</label>" in pages["console"]

    def test_is_chosen_by_name(self, pages: dict[str, str]) -> None:
        assert "关于停水的通告" in pages["picks"]

    def test_adds_a_tab_to_pages_below_it(self, pages: dict[str, str]) -> None:
        assert '<a href="/console/notices/">通告员名册</a>' in pages["people"]

    def test_has_its_share_of_the_overview(self, pages: dict[str, str]) -> None:
        for words in (
            "<b>7</b><span>通告数</span>",
            "新建通告",
            "给吴名的通告",
            "写第一个通告",
            "<b>3</b> 待签收的通告",
            "每月通告",
        ):
            assert words in pages["console"]

    def test_turns_lights_and_stands_on_the_wall(self, pages: dict[str, str]) -> None:
        assert '<a href="/console/notices/">4 个通告没有签收</a>' in pages["console_of_operator"]
        assert "<dt>大屏通告</dt><dd>8</dd>" in pages["wall"]

    def test_answers_at_the_hosts_that_it_names(self, pages: dict[str, str], statuses: dict[str, int]) -> None:
        assert pages["everywhere"] == pages["north/notices/everywhere/"] == "通告到处都有"
        assert pages["north/notices/"] == pages["village/notices/"] == "通告在各厅"
        assert statuses["at_halls"] == 404

    def test_has_interfaces_at_both(self, pages: dict[str, str], statuses: dict[str, int]) -> None:
        assert json.loads(pages["api"]) == ["省级通告"]
        assert json.loads(pages["north/api/hall/v1/notices"]) == ["各厅通告"]
        assert statuses["api_of_notes"] == 404

    def test_names_its_acts_and_declares_its_permission(self, facts: dict[str, Any]) -> None:
        assert facts["acts"] == ["签收通告", "写便签", "便签"]
        assert facts["permission"]

    def test_tells_of_work_and_of_filled_columns(self, facts: dict[str, Any]) -> None:
        assert facts["work"] == {"通告": 4, "便签（未看）": 1}
        assert facts["ending_work"]["通告草稿（将作废）"] == 2
        assert "bulletin" in facts["filled"]


class TestAppOfCountyHalls:
    def test_stands_in_the_sites_navigation_map_and_search(self, pages: dict[str, str]) -> None:
        assert '<a href="/notes/">便签</a>' in pages["north/"]
        assert '<a href="/notes/" aria-current="page">便签</a>' in pages["north/notes/"]
        assert "记得开会" in pages["north/notes/"]
        assert "<span>便签</span>" in pages["north/map/"]
        assert "张便签里有“会”" in pages["north/search/?q=会"]

    def test_has_a_block_on_the_home_page(self, pages: dict[str, str]) -> None:
        assert "<section>当阳市的便签 1 张</section>" in pages["north/"]

    def test_is_told_to_programs(self, pages: dict[str, str]) -> None:
        assert "/notes/</loc>" in pages["north/sitemap.xml"]
        assert "Disallow: /notes/find/" in pages["north/robots.txt"]
        assert "(?:a|p|services|powers|notes)" in pages["north/sw.js"]
        assert "/static/notes/notes.css" in pages["north/sw.js"]

    def test_stands_at_the_desk(self, pages: dict[str, str]) -> None:
        assert '<p class="group">便签栏</p>' in pages["north/desk/"]
        assert '<span class="count">1<span class="visually-hidden"> 张待看</span></span>' in pages["north/desk/notes/"]
        assert '<a href="/desk/notes/" aria-current="page">' in pages["north/desk/notes/"]

    def test_is_found_by_the_desks_search(self, pages: dict[str, str]) -> None:
        assert "记得开会" in pages["north/desk/search/?q=开会"]

    def test_tells_what_waits_and_its_figures(self, pages: dict[str, str]) -> None:
        assert '<span class="tag accent">待看</span>' in pages["north/desk/"]
        assert '<span class="value">1</span><span class="label">张便签</span>' in pages["north/desk/"]

    def test_has_an_interface(self, pages: dict[str, str]) -> None:
        assert json.loads(pages["north/api/hall/v1/notes"]) == ["记得开会"]
        assert "/api/hall/v1/notes" in json.loads(pages["north/api/hall/v1/openapi.json"])["paths"]


class TestAppThatAKindOfHallLacks:
    def test_is_not_there(self, statuses: dict[str, int]) -> None:
        for path in ("/notes/", "/desk/notes/", "/api/hall/v1/notes"):
            assert statuses[f"village{path}"] == 404

    def test_shows_nothing(self, pages: dict[str, str]) -> None:
        shown = [path for path, text in pages.items() if path.startswith("village/") and "便签" in text]
        assert shown == []
        for path in ("/", "/map/", "/sitemap.xml", "/robots.txt", "/sw.js", "/desk/", "/api/hall/v1/openapi.json"):
            assert "notes" not in pages[f"village{path}"], path


class TestAppThatIsAddedLater:
    def test_comes_to_the_halls_of_its_kinds_by_an_upgrade(self, facts: dict[str, Any]) -> None:
        upgrade = facts["upgrade"]
        assert upgrade["behind"] == {"county": 2}
        assert upgrade["behind_afterwards"] == 0
        assert upgrade["tables"] == {"north": True, "south": True, "village": False}
        assert upgrade["templates"] == {"city": False, "county": True, "township": False, "village": False}
        assert upgrade["drifts"] == 0
