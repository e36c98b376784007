"""The rules of the search: in force at once everywhere, tried before they are saved, taken back, and never two editors'
at once."""

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotAllowed
from province.audit.models import AuditEntry
from province.catalogue.models import Item, TriedQuestion, WordRule
from province.catalogue.operations.word_tables import import_words
from province.catalogue.operations.words import (
    add_tried_question,
    add_word_rule,
    change_word_rule,
    remove_word_rule,
    restore_word_rule,
    seed_words,
)
from province.catalogue.queries import found_items, items_valid_at
from province.catalogue.queries.search.speech import made_of, read_vocabulary, speech, vocabulary_of
from province.catalogue.queries.words import trial_of, tried_results, word_rules
from province.catalogue.states import WordKind
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_department, make_item, make_published
from tests.factories.people import client_of
from tests.factories.sites import make_columns

pytestmark = pytest.mark.django_db

MARRIAGE, DIVORCE = "结婚登记", "离婚登记"


@pytest.fixture
def marriage() -> Item:
    return make_published(make_item(1, department=make_department("民政局"), name=MARRIAGE)).item


@pytest.fixture
def divorce(marriage: Item) -> Item:
    return make_published(make_item(2, department=marriage.department, name=DIVORCE)).item


def first(words: str) -> str:
    found = found_items(words, version_ids=items_valid_at(timezone.now()), limit=1)
    return found[0].name if found else ""


def add(words: list[str], named: list[str], kind: str = WordKind.SAYING) -> WordRule:
    return add_word_rule(by=person("zhao"), kind=kind, words=words, named=named)


class TestSeedWords:
    def test_takes_over_what_the_file_says_once(self) -> None:
        before = speech()
        assert seed_words(by=person("zhao")) == WordRule.objects.count() > 400
        assert seed_words(by=person("zhao")) == 0
        assert speech() == before != made_of(vocabulary_of([]))
        assert len(read_vocabulary().groups) == word_rules(kind=WordKind.SAYING).count()

    def test_is_refused_without_the_right(self) -> None:
        with pytest.raises(NotAllowed):
            seed_words(by=person("sun"))


class TestWordRules:
    def test_are_in_force_at_once_on_the_site_of_a_hall(self, north: Hall, marriage: Item) -> None:
        make_columns(north)
        make_shown(north, marriage.versions.get())
        site = Client(headers={"host": "north.yizhan.localhost"})
        assert MARRIAGE not in site.get("/search/", {"q": "办喜酒那张纸"}).text
        add(["喜酒 纸"], [MARRIAGE])
        assert MARRIAGE in site.get("/search/", {"q": "办喜酒那张纸"}).text
        assert site.get("/search/suggestions/", {"q": "喜酒那张纸"}).json() == [MARRIAGE]

    def test_cost_no_further_query(self, marriage: Item) -> None:
        add(["敲锣打鼓"], [MARRIAGE])
        assert first("敲锣打鼓") == MARRIAGE
        with CaptureQueriesContext(connection) as asked:
            assert first("敲锣打鼓") == MARRIAGE
        assert len(asked) == 1

    def test_of_two_editors_the_second_is_told(self, marriage: Item) -> None:
        rule = add(["敲锣打鼓"], [MARRIAGE])
        change_word_rule(by=person("zhao"), rule=rule, revision=1, words=["敲锣打鼓", "办喜事"], named=[MARRIAGE])
        with pytest.raises(Conflict, match="您的改动没有保存"):
            change_word_rule(by=person("zhao"), rule=rule, revision=1, words=["抬轿子"], named=[MARRIAGE])
        assert first("办喜事") == MARRIAGE

    def test_are_restored_to_what_they_were(self, marriage: Item) -> None:
        rule = add(["敲锣打鼓"], [MARRIAGE])
        change_word_rule(by=person("zhao"), rule=rule, revision=1, words=["抬轿子"], named=[MARRIAGE])
        assert first("敲锣打鼓") == ""
        restore_word_rule(by=person("zhao"), rule=rule, revision=2, to=1)
        assert first("敲锣打鼓") == MARRIAGE
        remove_word_rule(by=person("zhao"), rule=rule, revision=3)
        assert first("敲锣打鼓") == ""
        restore_word_rule(by=person("zhao"), rule=rule, revision=4, to=1)
        assert first("敲锣打鼓") == MARRIAGE
        acts = list(AuditEntry.objects.filter(object_type="word_rule").order_by("pk").values_list("act", flat=True))
        assert acts == [f"catalogue.{act}_words" for act in ("add", "change", "restore", "remove", "restore")]

    @pytest.mark.parametrize(
        ("kind", "words", "named", "fault"),
        [
            (WordKind.SAYING, ["嫁"], [MARRIAGE], "太短"),
            (WordKind.SAYING, ["嫁出去"], ["没有的事项"], "没有名称里有"),
            (WordKind.SAYING, ["嫁出去"], [], "事项名称"),
            (WordKind.SAYING, [], [MARRIAGE], "个词"),
            (WordKind.SAYING, ["ＡＢ嫁"], [MARRIAGE], "已在另一组"),
            (WordKind.SAYING, ["嫁" * 31], [MARRIAGE], "太长"),
            (WordKind.ALIKE, ["嫁"], [], "2 到"),
            ("other", ["嫁出去"], [], "哪一种"),
        ],
    )
    def test_are_refused_where_they_are_wrong(
        self, marriage: Item, kind: str, words: list[str], named: list[str], fault: str
    ) -> None:
        add(["ab嫁"], [MARRIAGE])
        with pytest.raises(Invalid) as refused:
            add(words, named, kind)
        assert any(fault in one.message for one in refused.value.faults)


class TestTrial:
    def test_shows_before_and_after_and_changes_nothing(self, marriage: Item, divorce: Item) -> None:
        rule = add(["过日子"], [MARRIAGE])
        tried = trial_of("不想过日子", rule=rule, words=["过日子"], named=[DIVORCE])
        assert [one.name for one in tried.before] == [MARRIAGE]
        assert tried.after is not None
        assert [(one.name, one.why) for one in tried.after] == [(DIVORCE, f"“过日子”常指“{DIVORCE}”")]
        assert first("不想过日子") == MARRIAGE

    def test_warns_where_a_tried_question_would_find_another_first(self, marriage: Item, divorce: Item) -> None:
        rule = add(["过日子"], [MARRIAGE])
        add_tried_question(by=person("zhao"), question="一起过日子", item=marriage)
        add_tried_question(by=person("zhao"), question=DIVORCE, item=divorce)
        (changed,) = trial_of("过日子", rule=rule, words=["过日子"], named=[DIVORCE]).changed
        assert (changed.question, changed.before, changed.after, changed.is_wrong) == (
            "一起过日子",
            MARRIAGE,
            DIVORCE,
            True,
        )
        assert trial_of("过日子", rule=rule, words=["过日子", "办喜事"], named=[MARRIAGE]).changed == []


class TestTriedQuestions:
    def test_turn_red_when_one_is_no_longer_found(self, marriage: Item) -> None:
        assert tried_results().light == "none"
        rule = add(["拜天地"], [MARRIAGE])
        add_tried_question(by=person("zhao"), question="一起拜天地", item=marriage)
        assert (tried_results().light, tried_results().at_first) == ("green", 1)
        remove_word_rule(by=person("zhao"), rule=rule, revision=1)
        results = tried_results()
        assert (results.light, results.at_first, results.among_five) == ("red", 0, 0)

    def test_turn_yellow_when_one_comes_later(self, marriage: Item, divorce: Item) -> None:
        add(["过日子"], [DIVORCE, MARRIAGE])
        add_tried_question(by=person("zhao"), question="过日子", item=marriage)
        assert tried_results().light == "yellow"


class TestWordTables:
    def test_come_back_as_they_went_and_never_over_somebody_elses_change(self, marriage: Item, divorce: Item) -> None:
        kept, changed = add(["过日子"], [MARRIAGE]), add(["散了"], [DIVORCE])
        operator = client_of("zhao")
        book = operator.get("/console/items/words/", {"format": "xlsx"}).content
        report = import_words(by=person("zhao"), file=BytesIO(book), is_trial=False)
        count = word_rules().count()
        assert (report.unchanged, report.added, report.changed, report.faults) == (count, [], [], [])
        change_word_rule(by=person("zhao"), rule=changed, revision=1, words=["散了吧"], named=[DIVORCE])
        report = import_words(by=person("zhao"), file=BytesIO(book), is_trial=False)
        assert report.unchanged == count - 1
        assert "您的改动没有保存" in report.faults[0].message
        assert kept.states.count() == 1


class TestPages:
    def test_lead_from_the_list_to_a_trial_and_a_saved_rule(self, marriage: Item, divorce: Item) -> None:
        operator = client_of("zhao")
        assert "装入初始说法" in operator.get("/console/items/words/").text
        operator.post("/console/items/words/seed/")
        count = WordRule.objects.count()
        sent = {"kind": "saying", "words": "拜天地", "named": MARRIAGE, "question": "一起拜天地", "act": "try"}
        tried = operator.post("/console/items/words/new/", sent)
        assert "保存以后" in tried.text
        assert f"“拜天地”常指“{MARRIAGE}”" in tried.text
        assert WordRule.objects.count() == count
        operator.post("/console/items/words/new/", sent | {"act": "save"})
        rule = WordRule.objects.get(words=["拜天地"])
        page = operator.get(f"/console/items/words/{rule.pk}/").text
        assert "以前的内容" in page
        stale = sent | {"act": "save", "revision": 0, "words": "办喜事"}
        refused = operator.post(f"/console/items/words/{rule.pk}/", stale)
        assert refused.status_code == 422
        assert "您的改动没有保存" in refused.text
        operator.post("/console/items/words/questions/", {"question": "一起拜天地", "item_name": MARRIAGE})
        assert "都在第一位找到" in operator.get("/console/items/words/questions/").text
        operator.post(f"/console/items/words/{rule.pk}/remove/", {"revision": 1})
        assert "有问题找不到应有的事项" in operator.get("/console/items/words/questions/").text
        assert TriedQuestion.objects.count() == 1
        assert "拜天地" in operator.get("/console/items/words/", {"q": "拜天地", "removed": "1"}).text
