"""Host names of a hall, and whether its site really answers there."""

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid, NotFound
from province.audit.operations import record_act
from province.halls.models import Hall, HallDomain
from province.halls.operations.halls import touch_hall
from province.halls.queries.site_checks import CHECKED_STATES
from province.rights.actors import Actor
from province.rights.queries import require

# loaded by those alone who look at sites
if TYPE_CHECKING:
    import httpx

# 国办秘函〔2019〕19号: a site is visited for a week, twenty times a day at intervals, and counts as closed where it is
# not open within 15 seconds
PATIENCE_SECONDS = 15
BETWEEN_VISITS: Final = timedelta(days=1) / 20
WATCHED_DAYS: Final = 7
THREADS = 8
# where many sites are closed a run begins no further visit after so many seconds
_LONGEST_RUN: Final = 45
# the head of a page, where its name stands; more is not read
READ_BYTES = 256 * 1024
# names that stand in no DNS: browsers know them by themselves (RFC 6761)
_OF_THIS_MACHINE = (".localhost", ".test")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)+{_LABEL}\Z")


@transaction.atomic
def add_domain(*, by: Actor, hall: Hall, domain: str) -> HallDomain:
    """A further host name. Raises Invalid for a malformed one or the province's own, Conflict where it is taken."""
    require(by, "halls.manage")
    name = domain.strip().lower().rstrip(".")
    if not _HOST_NAME.match(name):
        message = "域名只能由小写字母、数字、连字符和点组成，例如 dangyang.example.gov.cn。"
        raise Invalid(message, faults=[Fault("domain", message)])
    if name == settings.BASE_DOMAIN:
        message = "这是省级平台自己的域名，不能给服务厅使用。"
        raise Invalid(message, faults=[Fault("domain", message)])
    has_other = HallDomain.objects.filter(tenant=hall).exists()
    try:
        with transaction.atomic():
            added = HallDomain(tenant=hall, domain=name, is_primary=not has_other)
            added.save()
    except IntegrityError as error:
        message = f"域名 {name} 已被使用。"
        raise Conflict(message) from error
    touch_hall(hall.id)
    _record(by, hall, "halls.add_domain", [None, name])
    return added


@transaction.atomic
def remove_domain(*, by: Actor, hall: Hall, domain: str) -> None:
    """Take a host name from the hall. Raises NotFound where it is not this hall's, Conflict for the last one: a hall
    without any cannot be reached."""
    require(by, "halls.manage")
    # all of the hall's rows in one order: two removals at once leave one
    rows = list(HallDomain.objects.select_for_update().filter(tenant=hall).order_by("domain"))
    found = next((row for row in rows if row.domain == domain.strip().lower()), None)
    if found is None:
        message = f"本厅没有域名 {domain}。"
        raise NotFound(message)
    others = [row for row in rows if row is not found]
    if not others:
        raise Conflict("这是本厅唯一的域名，请先添加新域名再移除它。")
    found.delete()
    if found.is_primary:
        HallDomain.objects.filter(pk=others[0].pk).update(is_primary=True)
    touch_hall(hall.id)
    _record(by, hall, "halls.remove_domain", [found.domain, None])


def _record(by: Actor, hall: Hall, act: str, change: list[str | None]) -> None:
    record_act(by=by, act=act, object_type="hall", object_id=hall.id, hall_id=hall.id, changes={"domain": change})


def check_domains(*, by: Actor, hall: Hall) -> list[HallDomain]:
    """Fetch the hall's site at each of its host names as a reader would, and record what was seen."""
    require(by, "halls.edit", hall_id=hall.id)
    domains = list(HallDomain.objects.filter(tenant=hall).select_related("tenant").order_by("domain"))
    _look_at(domains, is_visit=False)
    return domains


def check_stalest_domains(*, most: int = 500) -> int:
    """Visit open sites whose next visit is due, the longest unseen first, count the visits, and return how many. One
    run takes at most ``most`` of them, however many halls there are; killed, it leaves out one visit of each."""
    now = timezone.now()
    unseen = Q(checked_at=None) | Q(checked_at__lt=now - BETWEEN_VISITS)
    with transaction.atomic():
        domains = list(
            HallDomain.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(unseen, tenant__state__in=CHECKED_STATES)
            .select_related("tenant")
            .order_by(F("checked_at").asc(nulls_first=True), "domain")[:most]
        )
        # a run that begins before this one is over takes others
        HallDomain.objects.filter(pk__in=[one.pk for one in domains]).update(checked_at=now)
    seen = _look_at(domains, is_visit=True)
    # for the others no time was left: as they were, they come first in the next run
    HallDomain.objects.bulk_update([one for one in domains if one.pk not in seen], ["checked_at"])
    return len(seen)


def _look_at(domains: list[HallDomain], *, is_visit: bool) -> set[UUID]:
    """Record what is seen of each, and return the ids of those for which there was time. Outside any transaction: a
    site may take its time. ``is_visit``: it is looked at by itself and not because somebody asked."""
    import httpx  # noqa: PLC0415

    from foundation.safe_http.guarded import authorities  # noqa: PLC0415

    with (
        httpx.Client(timeout=PATIENCE_SECONDS, follow_redirects=False, trust_env=False, verify=authorities()) as client,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        until = time.monotonic() + _LONGEST_RUN

        def fault_of(one: HallDomain) -> str | None:
            return _fault_of_site(client, str(one.domain), one.tenant) if time.monotonic() < until else None

        faults = dict(zip((one.pk for one in domains), pool.map(fault_of, domains), strict=True))
    seen = {key: fault for key, fault in faults.items() if fault is not None}
    return _record_checks(domains, seen, is_visit=is_visit)


def _fault_of_site(client: "httpx.Client", domain: str, hall: Hall) -> str:
    """What a reader sees in place of the hall's site; "" for the site itself."""
    import httpx  # noqa: PLC0415

    if not _is_in_dns(domain):
        return "域名解析不到，外面的读者打不开，请添加解析。"
    address = settings.SITE_FETCH_ADDRESS or domain
    scheme = "http" if settings.SITE_FETCH_ADDRESS else settings.PUBLIC_SCHEME
    try:
        with client.stream("GET", f"{scheme}://{address}/", headers={"Host": domain}) as response:
            if response.status_code != httpx.codes.OK:
                return f"网站答复 {response.status_code}，应为 200。"
            page = b""
            for chunk in response.iter_bytes():
                page += chunk
                if len(page) >= READ_BYTES:
                    break
    except httpx.HTTPError:
        return f"{PATIENCE_SECONDS} 秒内没有答复，请检查域名解析和网络。"
    if hall.name not in page.decode("utf-8", "replace"):
        return "有网站答复，但不是本厅的网站，请检查域名解析。"
    return ""


def _is_in_dns(domain: str) -> bool:
    """Whether readers find an address by the name, however this machine fetches the page. Where no name server answers,
    nobody can tell, and the page alone is judged."""
    if domain.endswith(_OF_THIS_MACHINE):
        return True
    try:
        socket.getaddrinfo(domain, None)
    except socket.gaierror as error:
        return error.errno == socket.EAI_AGAIN
    return True


@transaction.atomic
def _record_checks(domains: list[HallDomain], faults: dict[UUID, str], *, is_visit: bool) -> set[UUID]:
    now = timezone.now()
    # in one order, and as it stands now: who asks for a look may do so at the same moment
    rows = HallDomain.objects.select_for_update().filter(pk__in=list(faults)).order_by("pk")
    visits = dict(rows.values_list("pk", "visits"))
    seen = [one for one in domains if one.pk in visits]
    for domain in seen:
        domain.checked_at, domain.check_fault, domain.visits = now, faults[domain.pk], visits[domain.pk]
        if is_visit:
            domain.visits = _counted(domain.visits, now, is_closed=bool(domain.check_fault))
    HallDomain.objects.bulk_update(seen, ["checked_at", "check_fault", "visits"])
    return {one.pk for one in seen}


def _counted(visits: dict[str, list[int]], now: datetime, *, is_closed: bool) -> dict[str, list[int]]:
    """The visits with one more; of days that no check asks about any more, none."""
    today = now.astimezone(UTC).date()
    first, day = (today - timedelta(days=WATCHED_DAYS - 1)).isoformat(), today.isoformat()
    kept = {one: counts for one, counts in visits.items() if one >= first}
    done, closed = kept.get(day, [0, 0])
    return kept | {day: [done + 1, closed + is_closed]}
