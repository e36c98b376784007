"""The site checks of 国办秘函〔2019〕19号 (政府网站与政务新媒体检查指标), as far as a hall's own site is concerned.

One SQL answers for one hall and for all of them. Red is a reason to fail the check (单项否决), yellow the way there.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from province.halls.models import Hall
from province.halls.queries.columns import columns_sql
from province.halls.states import HallState
from province.rights.actors import Actor
from province.rights.queries import require

# only sites that stand open are checked
CHECKED_STATES = (HallState.TRIAL, HallState.LIVE)

LABELS = {
    "reach": "网站可以访问",
    "home": "首页更新",
    "news": "动态要闻更新",
    "notices": "通知公告与政策文件更新",
    "others": "其他栏目更新",
    "empty": "没有空栏目",
    "services": "办事服务实用",
}

LIGHTS_SQL = """
, reached AS (
    SELECT asked.id AS hall_id, count(one.id) AS domains,
        count(*) FILTER (WHERE one.check_fault <> '') AS closed,
        count(*) FILTER (WHERE one.checked_at > now() - interval '7 days') AS checked,
        coalesce(sum(week.visits), 0) AS visits, coalesce(sum(week.missed), 0) AS missed,
        count(*) FILTER (WHERE week.visits >= 20 AND week.missed * 20 >= week.visits) AS often_closed
    FROM asked LEFT JOIN halls_halldomain AS one ON one.tenant_id = asked.id
    LEFT JOIN LATERAL (
        SELECT sum((day.value ->> 0)::int) AS visits, sum((day.value ->> 1)::int) AS missed
        FROM jsonb_each(one.visits) AS day
        WHERE day.key > to_char(now() AT TIME ZONE 'UTC' - interval '7 days', 'YYYY-MM-DD')) AS week ON true
    GROUP BY 1),
pushed AS (SELECT hall_id, max(last_at) AS last_at FROM filled GROUP BY 1),
counted AS (
    SELECT hall_id,
        bool_or(code = 'news') AS has_news,
        max(last_at) FILTER (WHERE code = 'news') AS news_at,
        count(*) FILTER (WHERE code IN ('notices', 'policies')
            AND last_at < now() - interval '6 months') AS old_notices,
        count(*) FILTER (WHERE code NOT IN ('news', 'notices', 'policies')
            AND last_at < now() - interval '1 year') AS old_others,
        count(*) FILTER (WHERE is_empty) AS empty,
        string_agg(name, '、' ORDER BY code) FILTER (WHERE is_empty) AS empty_names
    FROM filled_columns GROUP BY 1),
facts AS (
    SELECT reached.*, counted.has_news, counted.news_at, counted.empty_names,
        greatest(figures.last_published_at, pushed.last_at) AS home_at,
        coalesce(figures.services_shown, 0) AS shown, coalesce(figures.services_poor, 0) AS poor,
        coalesce(figures.services_sampled, 0) AS sampled, coalesce(figures.services_faults, '[]') AS service_faults,
        figures.services_checked_at,
        coalesce(counted.old_notices, 0) AS old_notices, coalesce(counted.old_others, 0) AS old_others,
        coalesce(counted.empty, 0) AS empty
    FROM reached
    LEFT JOIN halls_hallfigures AS figures ON figures.hall_id = reached.hall_id
    LEFT JOIN pushed ON pushed.hall_id = reached.hall_id
    LEFT JOIN counted ON counted.hall_id = reached.hall_id),
lit AS (
    SELECT *,
        CASE WHEN closed > 0 OR domains = 0 OR often_closed > 0 THEN 'red'
             WHEN checked < domains THEN 'yellow' ELSE 'green' END AS reach_light,
        CASE WHEN home_at > now() - interval '7 days' THEN 'green'
             WHEN home_at > now() - interval '14 days' THEN 'yellow' ELSE 'red' END AS home_light,
        CASE WHEN has_news IS NOT TRUE OR news_at > now() - interval '7 days' THEN 'green'
             WHEN news_at > now() - interval '14 days' THEN 'yellow' ELSE 'red' END AS news_light,
        CASE WHEN old_notices >= 5 THEN 'red' WHEN old_notices > 0 THEN 'yellow' ELSE 'green' END AS notices_light,
        CASE WHEN old_others >= 10 THEN 'red' WHEN old_others > 0 THEN 'yellow' ELSE 'green' END AS others_light,
        CASE WHEN empty >= 5 THEN 'red' WHEN empty > 0 THEN 'yellow' ELSE 'green' END AS empty_light,
        CASE WHEN shown = 0 OR poor >= 5 OR poor = shown THEN 'red'
             WHEN jsonb_array_length(service_faults) > 0 OR services_checked_at IS NULL
                 OR services_checked_at < now() - interval '3 days' THEN 'yellow'
             ELSE 'green' END AS services_light
    FROM facts),
lights AS (
    SELECT *, CASE
        WHEN 'red' IN ({lights}) THEN 'red' WHEN 'yellow' IN ({lights}) THEN 'yellow' ELSE 'green' END AS light
    FROM lit)
""".format(lights=", ".join(f"{key}_light" for key in LABELS))  # noqa: S608 - only constants of ours

_MOST_POOR = 5

IS_CHECKED_SQL = "h.state IN ({})".format(", ".join(f"'{state}'" for state in CHECKED_STATES))


@dataclass(frozen=True, slots=True)
class SiteCheck:
    """One check of one hall's site. ``light``: red, yellow or green."""

    key: str
    label: str
    light: str
    detail: str


@dataclass(frozen=True, slots=True)
class CheckFigures:
    """How many checked sites have which light; ``key`` "all" is a site's worst light."""

    key: str
    label: str
    red: int
    yellow: int
    green: int


def light_of_outer_hall() -> str:
    """SQL of one hall's worst light, within a query of ``halls_hall``; NULL where its site is not open."""
    return f"{columns_sql(f'''h.id = "halls_hall"."id" AND {IS_CHECKED_SQL}''')} {LIGHTS_SQL} SELECT light FROM lights"  # noqa: S608


def halls_with_light() -> str:
    """SQL of the ids of all halls whose worst light is the one parameter."""
    return f"{columns_sql(IS_CHECKED_SQL)} {LIGHTS_SQL} SELECT hall_id FROM lights WHERE light = %s"  # noqa: S608


def site_checks(hall: Hall) -> list[SiteCheck]:
    """Every check of the hall's site, whatever its state; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{columns_sql('h.id = %(hall)s')} {LIGHTS_SQL} SELECT * FROM lights",  # noqa: S608
            {"hall": hall.pk},
        )
        names = [column.name for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
    return [SiteCheck(key, label, row[f"{key}_light"], _detail(key, row)) for key, label in LABELS.items()]


def _detail(key: str, row: dict[str, Any]) -> str:
    names = f"：{row['empty_names']}" if row["empty_names"] else ""
    return {
        "reach": _reach(row),
        "home": f"首页{_last(row['home_at'])}；两周内没有更新即不合格，建议每周更新。",
        "news": f"要闻栏目{_last(row['news_at'])}；两周内没有更新即不合格。" if row["has_news"] else "没有要闻栏目。",
        "notices": f"{row['old_notices']} 个栏目超过 6 个月没有更新；达到 5 个即不合格。",
        "others": f"{row['old_others']} 个栏目超过一年没有更新；达到 10 个即不合格。",
        "empty": f"{row['empty']} 个栏目没有内容{names}；达到 5 个即不合格。",
        "services": _services(row),
    }[key]


def _reach(row: dict[str, Any]) -> str:
    """站点无法访问: visited for a week, not open at a twentieth of the visits or more."""
    if not row["domains"]:
        return "还没有域名。"
    week = f"最近一周访问 {row['visits']} 次，{row['missed']} 次没有打开" if row["visits"] else ""
    if row["closed"]:
        return f"{row['domains']} 个域名中有 {row['closed']} 个打不开{f'；{week}' if week else ''}。"
    if row["often_closed"]:
        return f"{week}；达到 5% 即不合格。"
    if row["checked"] < row["domains"]:
        return "最近一周没有检查过域名。"
    return f"全部域名都能打开{f'；{week}' if week else ''}。"


def _services(row: dict[str, Any]) -> str:
    """服务不实用: no services, or guides that lack four groups of elements or more; else what the sample shows."""
    if not row["shown"]:
        return "没有公布办事服务；没有办事服务即不合格。"
    if row["poor"] >= _MOST_POOR or row["poor"] == row["shown"]:
        return f"{row['poor']} 个事项的办事指南缺 4 类以上要素；达到 5 个，或者全部如此，即不合格。"
    # a cursor of Django hands JSON on as it is written
    if faults := json.loads(row["service_faults"]):
        words = "；".join(f"“{name}”{fault}" for name, fault in faults)
        return f"抽查最常用的 {row['sampled']} 个事项：{words}。"
    if row["services_light"] == "yellow":
        return "三天没有核对过办事指南。"
    return f"抽查最常用的 {row['sampled']} 个事项，要素齐全，说法一致。"


def _last(moment: datetime | None) -> str:
    return f"最近更新于{timezone.localtime(moment):%Y年%-m月%-d日}" if moment else "还没有内容"


def site_check_figures(*, by: Actor) -> list[CheckFigures]:
    """For the province: every check, and each site's worst light, over all sites that stand open; one query."""
    require(by, "halls.manage")
    keys = {"all": "全部检查", **LABELS}
    columns = ", ".join(
        f"count(*) FILTER (WHERE {'light' if key == 'all' else f'{key}_light'} = '{light}')"
        for key in keys
        for light in ("red", "yellow", "green")
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{columns_sql(IS_CHECKED_SQL)} {LIGHTS_SQL} SELECT {columns} FROM lights")  # noqa: S608
        counts = cursor.fetchone()
    return [
        CheckFigures(key, label, *counts[place * 3 : place * 3 + 3]) for place, (key, label) in enumerate(keys.items())
    ]
