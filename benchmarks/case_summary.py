"""办件概览 over all halls at a million cases: from rows of figures, and as one would ask it first, of the cases
themselves; what counting costs as cases change, and the same queries at ten halls and at ten thousand."""

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count
from django.db.models.functions import Left
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.measuring import line, median_seconds, milliseconds, say, timed
from benchmarks.world import Profile, build
from foundation.rows import draw_id
from province.cases.models import CHANNELS, MEASURES, CaseFigure, CaseReport, ItemFigure
from province.cases.operations.feed import number_changes
from province.cases.operations.figures import sum_up_again
from province.cases.queries.counting import halls_with_wrong_figures, some_halls_with_cases
from province.cases.queries.figures import area_of, case_summary, item_lines, month_lines
from province.cases.queries.listed import listed_cases
from province.cases.slots import SummaryArea
from province.console.queries.months import months_back
from province.halls.models import Division, Hall, HallKind
from province.rights.queries import system_actor
from province.workdays.models import Clock
from standards.numbers.divisions import DivisionLevel

_MANY: Final = 10_000
_ITEMS: Final = 400
# a statement has its time
_AT_ONCE: Final = 100_000
_TYPES: Final = "(ARRAY['instant', 'promised', 'promised', 'promised', 'completed', 'reported', 'joint'])"
_CHANNELS: Final = "(ARRAY['site', 'window', 'window', 'village', 'phone', 'handed', 'system'])"
# a tenth is in hand, a fiftieth each was withdrawn or declined, the rest is finished; of a year
_FILL: Final = f"""
    INSERT INTO cases_casereport (id, hall_id, number, item_id, item_name, case_type, channel, state, outcome,
        received_on, accepted_on, decided_on, ended_on, owes_materials, owed_fen, was_late, position, is_waiting,
        counted)
    SELECT uuidv7(), (%(halls)s::uuid[])[1 + one %% %(many)s], 'B' || one,
        (%(items)s::uuid[])[1 + drawn %% {_ITEMS}], '食品经营许可', {_TYPES}[1 + drawn / 512 %% 7],
        {_CHANNELS}[1 + drawn / 4096 %% 7], state, CASE WHEN state = 'finished' THEN 'granted' ELSE '' END,
        received_on, received_on, CASE WHEN state = 'finished' THEN received_on + 7 END,
        CASE WHEN state <> 'accepted' THEN received_on + 8 END, false, 0, false, one, false,
        ARRAY[1, 1, is_finished, is_finished, (state = 'accepted')::int, is_finished, (state = 'declined')::int,
            (state = 'withdrawn')::int, 0, 0, 0, is_finished * (drawn / 64 %% 30 = 0)::int, is_finished,
            is_finished * 5, is_finished * 10]::smallint[]
    FROM (
        SELECT one, drawn, state, (state = 'finished')::int AS is_finished,
            %(today)s::date - drawn / 8 %% 335 AS received_on
        FROM (
            SELECT one, drawn, CASE WHEN drawn %% 50 < 5 THEN 'accepted' WHEN drawn %% 50 = 5 THEN 'withdrawn'
                WHEN drawn %% 50 = 6 THEN 'declined' ELSE 'finished' END AS state
            FROM (
                SELECT one, (hashint8extended(one, 14) & 1073741823)::int AS drawn
                FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS one) AS drawing) AS stated) AS dated
"""  # noqa: S608 - only constants of ours
# of each in hand both run: one in ten is past its day, one in seven near it
_CLOCKS: Final = """
    INSERT INTO workdays_clock (id, hall_id, owner_kind, owner_id, kind, state, "limit", began_on, extension, pauses,
        paused_for, paused_at_most, due_on, near_on, wake_on, is_assumed, told)
    SELECT uuidv7(), hall_id, 'case', report.id, kind, 'running', '20wd', received_on, '', '[]', '', '', due_on,
        due_on - 5, due_on - 5, false, 0
    FROM cases_casereport AS report CROSS JOIN (VALUES ('statutory', 10), ('promised', 0)) AS kinds (kind, later)
    CROSS JOIN LATERAL (SELECT %(today)s::date + later + (position %% 40)::int - 4 AS due_on) AS ends
    WHERE state = 'accepted' AND position > %(first)s - 1 AND position <= %(last)s
"""


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    number = 1_000_000 if profile.is_full else 20_000
    halls = _fill(number)
    with timed() as summing:
        sum_up_again()
    with connection.cursor() as cursor:
        for table in ("cases_casefigure", "cases_itemfigure"):
            cursor.execute(f"VACUUM (ANALYZE) {table}")
    lines = [
        *_reading(number, halls, profile),
        *_counting(number, profile),
        line(
            f"all figures of {number:,} cases written anew",
            measured=f"{summing.seconds:.1f} s",
            bound="",
            holds=None,
            rows=CaseFigure.objects.count(),
            item_rows=ItemFigure.objects.count(),
        ),
        _queries(),
    ]
    _clear()
    return lines


def _fill(number: int) -> int:
    halls = list(Hall.objects.order_by("pk").values_list("pk", flat=True))
    say(f"  {number:,} cases over {len(halls):,} halls …")
    facts = {
        "halls": halls,
        "many": len(halls),
        "items": [draw_id() for _ in range(_ITEMS)],
        "today": timezone.localdate(),
    }
    with connection.cursor() as cursor:
        for first in range(1, number + 1, _AT_ONCE):
            part = facts | {"first": first, "last": min(number, first + _AT_ONCE - 1)}
            cursor.execute(_FILL, part)
            cursor.execute(_CLOCKS, part)
        cursor.execute("VACUUM (ANALYZE) cases_casereport")
        cursor.execute("VACUUM (ANALYZE) workdays_clock")
    return len(halls)


def _clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE cases_casereport, workdays_clock, cases_casefigure, cases_itemfigure,"
            " cases_unitfigure, cases_casefeed"
        )


def _reading(number: int, halls: int, profile: Profile) -> list[dict[str, Any]]:
    by, last = system_actor(), months_back(timezone.localdate(), 0)
    year = SummaryArea("", None, months_back(last, 11), last)
    hall = Hall.objects.exclude(kind=HallKind.CITY).select_related("division").order_by("division__code")[0]

    def asked(act: Any, *given: Any) -> float:
        return median_seconds(lambda: act(*given), times=profile.repeats)

    def area(first: date = year.first, place: str = "", hall_id: UUID | None = None) -> SummaryArea:
        return area_of(by, place=place, hall=str(hall_id or ""), first=first, last=last)

    whole = asked(case_summary, by, year)
    found = case_summary(by, year)
    rows = CaseReport.objects.filter(received_on__gte=year.first).order_by()
    directly = rows.values_list(Left("hall__division__code", 6), "case_type", "state", "outcome", "channel")
    of_cases = asked(lambda: list(directly.annotate(Count("pk"))))
    told = {
        "a county": asked(case_summary, by, area(place=hall.division.code[:6])),
        "a hall": asked(case_summary, by, area(hall_id=hall.pk)),
        "months": asked(month_lines, by, year),
        "items of a month": asked(item_lines, by, area(first=last)),
        "items of a year": asked(item_lines, by, year),
        "items of a county and year": asked(item_lines, by, area(place=hall.division.code[:6])),
        "a hall's list, 50 of them": asked(
            lambda: list(listed_cases(area(hall_id=hall.pk), shown="over_promised")[:50])
        ),
    }
    return [
        line(
            f"办件概览 of {number:,} cases over {halls:,} halls, a year",
            measured=f"{milliseconds(whole)} ms",
            bound="<= 300 ms",
            holds=whole <= 0.3 if profile.is_full else None,
            counted_of_the_cases_ms=milliseconds(of_cases),
            in_hand=found.total.of("in_hand"),
            over_promised=found.total.of("over_promised"),
            due_soon=found.total.of("due_soon"),
        ),
        *(line(what, measured=f"{milliseconds(seconds)} ms", bound="", holds=None) for what, seconds in told.items()),
    ]


def _counting(number: int, profile: Profile) -> list[dict[str, Any]]:
    """Two thousand cases that change at once: decided, with a clock that has ended."""
    most = 2_000
    changed = list(CaseReport.objects.filter(state="accepted").order_by("pk").values_list("pk", flat=True)[:most])
    today = timezone.localdate()
    Clock.objects.filter(owner_id__in=changed).update(
        state="met", ended_on=today, near_on=None, wake_on=None, due_on=today + timedelta(days=1)
    )
    CaseReport.objects.filter(pk__in=changed).update(
        state="decided", outcome="granted", decided_on=today, is_waiting=True
    )
    with timed() as numbering:
        numbered = number_changes(most=most)
    with timed() as checking:
        wrong = halls_with_wrong_figures(some_halls_with_cases(20))
    return [
        line(
            f"{numbered:,} changed cases numbered and counted",
            measured=f"{milliseconds(numbering.seconds)} ms",
            bound="none wrong",
            holds=(wrong == 0 and numbered == len(changed)) if profile.is_full else None,
            of_cases=number,
            twenty_halls_checked_ms=milliseconds(checking.seconds),
        )
    ]


def _queries() -> dict[str, Any]:
    """Statements of both pages, at ten halls and at ten thousand; the halls have no schemas and are taken back."""
    by, last = system_actor(), months_back(timezone.localdate(), 0)
    year = SummaryArea("", None, months_back(last, 11), last)
    zeros = dict.fromkeys((*MEASURES, *CHANNELS), 0)

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            case_summary(by, year)
            item_lines(by, year)
            month_lines(by, year)
        return len(asked)

    asked = []
    parent = Division.objects.filter(level=DivisionLevel.TOWNSHIP).order_by("code")[0]
    for many in (10, _MANY):
        with transaction.atomic():
            CaseFigure.objects.all().delete()
            divisions = Division.objects.bulk_create(
                Division(
                    code=f"65{one:010}", name=f"村{one}", level=DivisionLevel.VILLAGE, parent=parent, valid_from=last
                )
                for one in range(many)
            )
            halls = Hall.objects.bulk_create(
                Hall(
                    schema_name=f"hall_9{place:06}",
                    number=900_000 + place,
                    name=f"厅{place}",
                    short_name="厅",
                    kind=HallKind.VILLAGE,
                    division=one,
                    prefixes=[one.code],
                    slug=f"made-{place}",
                )
                for place, one in enumerate(divisions)
            )
            CaseFigure.objects.bulk_create(
                CaseFigure(hall=one, month=last, case_type="promised", **zeros | {"received": 1}) for one in halls
            )
            asked.append(statements())
            transaction.set_rollback(True)
    return line(
        "statements of the page and of its items, at 10 / 10,000 halls",
        measured=" / ".join(map(str, asked)),
        bound="the same",
        holds=asked[0] == asked[1],
    )
