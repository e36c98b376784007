"""How citizens say things: the rules of the search, the box to try them, and the questions it must go on finding."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.forms import posted_number
from foundation.errors import Conflict, DomainError
from foundation.exports import EXPORT_FORMATS, export_table
from foundation.search import as_typed
from province.catalogue.forms.words import TriedQuestionForm, WordRuleForm, WordsFileForm
from province.catalogue.models import WordRule
from province.catalogue.operations.word_tables import HEADINGS, import_words, word_table
from province.catalogue.operations.words import (
    LONGEST_QUESTION,
    add_tried_question,
    add_word_rule,
    change_word_rule,
    remove_tried_question,
    remove_word_rule,
    restore_word_rule,
    seed_words,
)
from province.catalogue.queries.items import item_called
from province.catalogue.queries.words import (
    Trial,
    has_word_rules,
    rule_with_id,
    states_of,
    trial_of,
    tried_results,
    tried_with_id,
    word_rules,
)
from province.catalogue.states import WordKind
from province.catalogue.views.tabs import tabs_of
from province.console.access import actor_of_request
from province.rights.queries import may

_PAGE = 50


@require_GET
def word_list(request: HttpRequest) -> HttpResponse:
    """All rules, or those of a kind or with a word; ``try``: a question, by the rules in force."""
    by = actor_of_request(request, "catalogue.read")
    if request.GET.get("format") in EXPORT_FORMATS:
        return export_table(request.GET["format"], "同义词", list(HEADINGS), word_table())
    asked = request.GET.get("kind", "")
    kind = asked if asked in WordKind else ""
    words, typed = (as_typed(request.GET.get(name, ""), LONGEST_QUESTION) for name in ("q", "try"))
    is_removed = "removed" in request.GET
    context = {
        "tabs": tabs_of(by, "words"),
        "page": Paginator(word_rules(kind=kind, words=words, removed=is_removed), _PAGE).get_page(
            request.GET.get("page")
        ),
        "kinds": WordKind.choices,
        "kind": kind,
        "words": words,
        "is_removed": is_removed,
        "typed": typed,
        "trial": trial_of(typed) if typed else None,
        "has_any": bool(words or kind or is_removed) or has_word_rules(),
        "may_change": may(by, "catalogue.publish"),
    }
    return render(request, "catalogue/words.html", context)


@require_POST
def seed(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "catalogue.publish")
    if count := seed_words(by=by):
        messages.success(request, f"已装入 {count:,} 组初始说法，现在可以逐组修改。")
    return redirect("console-words")


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """POST ``act``: try or save."""
    by = actor_of_request(request, "catalogue.publish")
    form = WordRuleForm(request.POST or None, said=as_typed(request.GET.get("said", ""), LONGEST_QUESTION))
    if request.POST.get("act") == "try":
        return _page(request, form, None, _trial(form, WordRule(kind=request.POST.get("kind", ""))))
    if made := form.carry_out(
        lambda filled: add_word_rule(by=by, kind=filled["kind"], words=filled["words"], named=filled["named"])
    ):
        messages.success(request, "已保存，所有服务厅的搜索立即按它办。")
        return redirect("console-word", rule_id=made.pk)
    return _page(request, form, None, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """POST ``act``: try or save."""
    by = actor_of_request(request, "catalogue.publish")
    rule = rule_with_id(rule_id)
    form = WordRuleForm(request.POST or None, rule=rule)
    if request.POST.get("act") == "try":
        return _page(request, form, rule, _trial(form, rule))
    if form.carry_out(
        lambda filled: change_word_rule(
            by=by, rule=rule, revision=filled["revision"] or 0, words=filled["words"], named=filled["named"]
        )
    ):
        messages.success(request, "已保存，所有服务厅的搜索立即按它办。")
        return redirect("console-word", rule_id=rule.pk)
    return _page(request, form, rule, None)


@require_POST
def remove(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "catalogue.publish")
    try:
        remove_word_rule(by=by, rule=rule_with_id(rule_id), revision=_number(request, "revision"))
        messages.success(request, "已删除，搜索不再用这一组。删错了可以在“以前的内容”里恢复。")
    except Conflict as refusal:
        messages.error(request, refusal.message)
    return redirect("console-word", rule_id=rule_id)


@require_POST
def restore(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "catalogue.publish")
    try:
        restore_word_rule(
            by=by, rule=rule_with_id(rule_id), revision=_number(request, "revision"), to=_number(request, "to")
        )
        messages.success(request, "已恢复，所有服务厅的搜索立即按它办。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("console-word", rule_id=rule_id)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """POST ``act``: preview, which changes nothing, or import."""
    by = actor_of_request(request, "catalogue.publish")
    form = WordsFileForm(request.POST or None, request.FILES or None)
    is_trial = request.POST.get("act") != "import"
    report = form.carry_out(lambda filled: import_words(by=by, file=filled["file"], is_trial=is_trial))
    context = {"form": form, "report": report, "is_trial": is_trial}
    return render(request, "catalogue/words_import.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def tried(request: HttpRequest) -> HttpResponse:
    """What the search must go on finding, and whether it does; POST adds one."""
    by = actor_of_request(request, "catalogue.publish" if request.method == "POST" else "catalogue.read")
    form = TriedQuestionForm(request.POST or None)
    if made := form.carry_out(
        lambda filled: add_tried_question(by=by, question=filled["question"], item=item_called(by, filled["item_name"]))
    ):
        messages.success(request, "已加入，每次改同义词都会拿它来试。")
        return redirect(f"{reverse('console-tried-questions')}#tried-{made.pk}")
    context = {
        "tabs": tabs_of(by, "words"),
        "form": form,
        "results": tried_results(),
        "may_change": may(by, "catalogue.publish"),
    }
    return render(request, "catalogue/tried_questions.html", context, status=422 if form.errors else 200)


@require_POST
def forget(request: HttpRequest, tried_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "catalogue.publish")
    remove_tried_question(by=by, tried=tried_with_id(tried_id))
    messages.success(request, "已删除这个问题。")
    return redirect("console-tried-questions")


def _trial(form: WordRuleForm, rule: WordRule) -> Trial | None:
    if not form.is_valid() or not form.cleaned_data["question"]:
        return None
    filled = form.cleaned_data
    return trial_of(filled["question"], rule=rule, words=filled["words"], named=filled["named"])


def _page(request: HttpRequest, form: WordRuleForm, rule: WordRule | None, trial: Trial | None) -> HttpResponse:
    context = {
        "form": form,
        "rule": rule,
        "trial": trial,
        "states": states_of(rule, _PAGE) if rule else [],
    }
    return render(request, "catalogue/word.html", context, status=422 if form.errors else 200)


def _number(request: HttpRequest, name: str) -> int:
    return posted_number(request.POST.get(name, ""), otherwise=0)
