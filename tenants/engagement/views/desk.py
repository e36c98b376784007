"""群众咨询 and 群众投诉 at the desk: the tables, what is written down for others, and how the hall answers."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from foundation.design.forms import posted_number
from foundation.design.tables import TableColumn, TableKind
from foundation.errors import DomainError, NotFound
from foundation.exports import EXPORT_FORMATS, list_lines
from foundation.masking import scrub
from foundation.rows import draw_id
from province.console.access import first_view
from province.console.queries.tables import own_table
from province.opinion.states import QuestionKind
from province.people.queries.units import unit_choices
from province.rights.queries import may
from tenants.engagement.forms import EnteredComplaintForm, EnteredQuestionForm
from tenants.engagement.layouts import at_complaints, at_questions
from tenants.engagement.models import Question
from tenants.engagement.operations.asking import Guest, Inquiry, enter_complaint, enter_question
from tenants.engagement.operations.settings import MOST_DAYS, set_up_engagement
from tenants.engagement.queries.access import has_had_a_hand
from tenants.engagement.queries.desk import FILTERS, complaints_by_filter, questions_at_desk, questions_by_filter
from tenants.engagement.queries.questions import Thread, threads
from tenants.engagement.queries.settings import answer_days, answering_lines, complaint_days
from tenants.engagement.slots import COMPLAINT_SUBJECTS
from tenants.shell.layouts.desk import desk_export, desk_page, rows_of_page
from tenants.shell.queries.apps import shown_at
from tenants.shell.slots import Desk

_PLACE: Final = {"place": "questions"}
_CHOSEN: Final = ("state", "unit", "words", "number")
_TABLE: Final = TableKind(
    "desk.questions",
    (
        TableColumn("text", "问题", is_fixed=True),
        TableColumn("state", "状态"),
        TableColumn("due", "答复期限", sort="due_on"),
        TableColumn("unit", "答复部门"),
        TableColumn("number", "编号", sort="number"),
        TableColumn("asker", "提问人"),
    ),
    filters=_CHOSEN,
)
_COMPLAINTS: Final = TableKind(
    "desk.complaints",
    (
        TableColumn("text", "投诉", is_fixed=True),
        TableColumn("state", "状态"),
        TableColumn("due", "处理期限", sort="due_on"),
        TableColumn("case", "办件"),
        TableColumn("number", "编号", sort="number"),
        TableColumn("asker", "投诉人"),
    ),
    filters=("state", "words", "number"),
)
_HEADINGS: Final = (
    *("编号", "问题", "事项", "答复部门", "状态", "提问人", "手机号", "收到日期", "答复期限", "期限说明", "是否超期"),
    *("首次答复", "用时（工作日）"),
)
_COMPLAINT_HEADINGS: Final = (
    *("编号", "投诉", "事项", "办件编号", "状态", "投诉人", "手机号", "收到日期", "处理期限", "期限说明", "是否超期"),
    *("首次答复", "用时（工作日）"),
)


@at_questions
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    shown = own_table(desk.by, _TABLE, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, shown):
        return redirect(first)
    chosen = {name: request.GET.get(name, "").strip()[:80] for name in _CHOSEN}
    units = unit_choices(desk.hall.pk)
    if chosen["unit"] not in {"window", *(key for key, _ in units)}:
        chosen["unit"] = ""
    rows = shown.in_order(questions_at_desk(desk, QuestionKind.QUESTION, **chosen))
    if request.GET.get("export") in EXPORT_FORMATS:
        name = f"{desk.hall.short_name}群众咨询"
        narrowed = [FILTERS.get(chosen["state"], ""), ({"window": "综合窗口"} | dict(units)).get(chosen["unit"], "")]
        lines, words = list_lines(rows, _lines), [chosen["words"], chosen["number"]]
        return desk_export(desk, request.GET["export"], name, _HEADINGS, lines, narrowed=narrowed, words=words)
    numbers = questions_by_filter(desk)
    page = rows_of_page(request, rows)
    context = {
        "page": page,
        "table": shown,
        "rows": _rows(page),
        "chosen": chosen,
        "is_filtered": any(chosen[name] for name in ("unit", "words", "number")),
        "total": numbers["all"],
        "filters": [(key, label, numbers[key]) for key, label in FILTERS.items()],
        "units": units,
        "may_enter": may(desk.by, "engagement.answer", hall_id=desk.hall.pk),
        "has_complaints": bool(shown_at(COMPLAINT_SUBJECTS, desk.hall)),
        "may_manage": may(desk.by, "engagement.manage", hall_id=desk.hall.pk),
    }
    return desk_page(request, desk, "engagement/desk/questions.html", _PLACE | context)


@at_complaints
@require_GET
def complaints(request: HttpRequest, desk: Desk) -> HttpResponse:
    """投诉, apart from questions: who answers them is told of them, and nobody else."""
    kind = QuestionKind.COMPLAINT
    shown = own_table(desk.by, _COMPLAINTS, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, shown):
        return redirect(first)
    chosen = {name: request.GET.get(name, "").strip()[:80] for name in _COMPLAINTS.filters}
    rows = shown.in_order(questions_at_desk(desk, kind, **chosen))
    if request.GET.get("export") in EXPORT_FORMATS:
        name = f"{desk.hall.short_name}群众投诉"
        narrowed, words = [FILTERS.get(chosen["state"], "")], [chosen["words"], chosen["number"]]
        lines = list_lines(rows, _lines)
        return desk_export(
            desk, request.GET["export"], name, _COMPLAINT_HEADINGS, lines, narrowed=narrowed, words=words
        )
    numbers = complaints_by_filter(desk)
    page = rows_of_page(request, rows)
    context = {
        "place": "complaints",
        "page": page,
        "table": shown,
        "rows": _rows(page),
        "chosen": chosen,
        "is_filtered": any(chosen[name] for name in ("words", "number")),
        "total": numbers["all"],
        "filters": [(key, label, numbers[key]) for key, label in FILTERS.items()],
        "days": complaint_days(),
    }
    return desk_page(request, desk, "engagement/desk/complaints.html", context)


@at_questions
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Write a question down that came by telephone, by letter or at the window."""
    form = EnteredQuestionForm(request.POST or None, units=unit_choices(desk.hall.pk), initial={"form_id": draw_id()})
    made = form.carry_out(lambda data: _entered(desk, data))
    if made:
        messages.success(request, f"已登记，编号 {made.number}。请把编号告诉群众，凭编号和手机号后四位可以查进度。")
        return redirect("desk-question", made.pk)
    context = {"heading": "代录咨询", "form": form}
    status = 422 if form.errors else 200
    return desk_page(request, desk, "engagement/desk/new.html", _PLACE | context, status=status)


@at_questions
@require_http_methods(["GET", "POST"])
def new_complaint(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Write a complaint down that came by telephone, by letter or at the window. Who has had a hand in the case is not
    shown its number, by which its answer could be read: it goes to the complainer's phone."""
    if not shown_at(COMPLAINT_SUBJECTS, desk.hall):
        raise NotFound("本厅不办理申请，没有可以投诉的办件。")
    form = EnteredComplaintForm(request.POST or None, initial={"form_id": draw_id()})
    made = form.carry_out(lambda data: _complained(desk, data))
    if made:
        if has_had_a_hand(desk.by, desk.hall, made):
            said = "已登记。您参与过这个办件，看不到这条投诉和答复；编号会用短信发给群众。"
        else:
            said = f"已登记，编号 {made.number}，也会用短信发给群众。凭编号和手机号后四位可以查进度。"
        messages.success(request, said)
        return redirect("desk-questions")
    context = {"heading": "代录投诉", "form": form, "complaint_days": complaint_days()}
    status = 422 if form.errors else 200
    return desk_page(request, desk, "engagement/desk/new.html", _PLACE | context, status=status)


@at_questions
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The limit, and which department answers for whose items."""
    lines, refused = answering_lines(desk.hall), ""
    days, of_complaints = answer_days(), complaint_days()
    has_complaints = bool(shown_at(COMPLAINT_SUBJECTS, desk.hall))
    if request.method == "POST":
        days = posted_number(request.POST.get("days", ""), otherwise=0)
        of_complaints = posted_number(request.POST.get("complaint_days", str(of_complaints)), otherwise=0)
        try:
            units = {one.department.pk: _unit(request.POST.get(f"unit-{one.department.pk}", "")) for one in lines}
            set_up_engagement(by=desk.by, hall=desk.hall, days=days, of_complaints=of_complaints, units=units)
        except DomainError as refusal:
            refused = refusal.message
        else:
            messages.success(request, "已保存，从下一条咨询起按新的设置。")
            return redirect("desk-questions-settings")
    context = {
        "lines": [(one.department, str(one.unit_id or "")) for one in lines],
        "units": unit_choices(desk.hall.pk),
        "days": days,
        "complaint_days": of_complaints,
        "has_complaints": has_complaints,
        "most_days": MOST_DAYS,
        "refused": refused,
        "may_manage": may(desk.by, "engagement.manage", hall_id=desk.hall.pk),
    }
    status = 422 if refused else 200
    return desk_page(request, desk, "engagement/desk/settings.html", _PLACE | context, status=status)


def _entered(desk: Desk, data: dict[str, Any]) -> Question:
    guest, received_on = Guest(phone=data.pop("phone"), name=data.pop("name")), data.pop("received_on")
    return enter_question(by=desk.by, hall=desk.hall, inquiry=Inquiry(**data), guest=guest, received_on=received_on)


def _complained(desk: Desk, data: dict[str, Any]) -> Question:
    guest, received_on = Guest(phone=data.pop("phone"), name=data.pop("name")), data.pop("received_on")
    which = {name: data.pop(name) for name in ("case_number", "phone_tail")}
    inquiry = Inquiry(**data)
    return enter_complaint(by=desk.by, hall=desk.hall, inquiry=inquiry, guest=guest, received_on=received_on, **which)


def _unit(text: str) -> UUID | None:
    """What the choice of a department says; what is no id of any is refused like one of another hall."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)


def _rows(page: Any) -> list[tuple[Thread, str]]:
    """In a list nobody needs the numbers that people write into their questions."""
    return [(thread, scrub(row.text)) for row, thread in zip(page, threads(page), strict=True)]


def _lines(rows: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Names, and numbers wherever they stand, are masked."""
    for thread, row in zip(threads(rows), rows, strict=True):
        question, asker = thread.question, thread.asker
        whose = thread.case_number or thread.unit_name
        yield (
            *(question.number, scrub(row.text), thread.version.name if thread.version else "", whose),
            *(question.get_state_display(), str(asker.name) if asker else "", str(asker.phone) if asker else ""),
            *(question.received_on, question.due_on, question.assumed_words),
            *("是" if question.was_late or question.is_overdue else "否", question.answered_at, question.working_days),
        )
