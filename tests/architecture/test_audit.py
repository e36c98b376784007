"""Whatever changes something for somebody leaves an entry, and every act has a Chinese name."""

import ast
import re
from functools import cache

from province.audit.queries.acts import all_acts, all_objects
from tests.architecture.calls import everything_within, modules, operations, settled

RECORD = "province.audit.operations.entries.record_act"

# public functions that take ``by=`` and rightly leave no entry, each with its reason
WITHOUT_ENTRY = {
    "province.content.operations.manuscripts.lock_manuscript": "says who is typing; it ends by itself",
    "province.content.operations.manuscripts.unlock_manuscript": "the same",
    "tenants.portal.operations.articles.lock_article": "the same",
    "province.content.operations.manuscripts.lock_row": "holds the row for the operation that asks; changes nothing",
    "tenants.portal.operations.articles.locked_article": "the same",
    "province.catalogue.operations.drafts.lock_item": "the same",
    "tenants.services.operations.adoptions.lock_to_fill_in": "the same",
    "province.people.operations.activation.draw_activation_codes": "part of operations that leave one",
    "province.people.operations.activation.end_activation_codes": "the same",
    "province.people.operations.positions.check_may_give": "only checks",
    "province.people.operations.positions.check_may_take": "only checks",
    "tenants.portal.operations.figures.require_in_hall": "only checks",
    "province.workdays.operations.hall_days.foresee_hall_days": "only says what would happen",
    "province.halls.operations.domains.check_domains": "notes what was measured, as the clock does every five minutes",
    "tenants.engagement.operations.answering.save_reply_draft": "what is being written; what is sent leaves an entry",
    "tenants.engagement.operations.rows.lock_question": "holds the row for the operation that asks; changes nothing",
    "tenants.engagement.operations.rows.add_message": "part of operations that leave one",
    "province.citizens.operations.mandates.send_mandate_code": "sends again; what the code confirms leaves an entry",
    "province.content.operations.outside_proofs.add_outside_rows": "the seal that ends the proof covers every row",
    "province.console.operations.saved_views.save_view": "how somebody looks at a table is nobody else's affair",
    "province.console.operations.saved_views.set_first_view": "the same",
    "province.console.operations.saved_views.drop_view": "the same",
    "tenants.services.operations.notices.announce_guides": "part of operations that leave one",
    "province.messaging.operations.notices.mark_notice_read": "what somebody has read is nobody else's affair",
    "province.messaging.operations.notices.mark_all_notices_read": "the same",
    "province.messaging.operations.notices.choose_notice_kinds": "of what somebody is told is nobody else's affair",
    "province.catalogue.operations.designs.lock_item_design": "says who is typing; it ends by itself",
    "tenants.workflow.operations.designs.lock_design": "says who is typing; it ends by itself",
    "tenants.workflow.operations.designs.locked_design": "holds the row for the operation that asks; changes nothing",
    "tenants.workflow.operations.moments.keep_moment": "part of a run's acts, which leave one",
    "tenants.workflow.operations.kept.save_filled": "the same",
    "tenants.workflow.operations.phrases.set_phrases": "what somebody often writes is nobody else's affair",
    "tenants.workflow.operations.phrases.add_phrase": "the same",
    "tenants.workflow.operations.background.begin_work_batch": "what is done with each item leaves an entry",
    "tenants.workflow.operations.run_forms.carry_values": "part of a run's acts, which leave one",
    "tenants.workflow.operations.run_forms.fill_in": "the same",
    "tenants.workflow.operations.run_forms.moment_of": "the same",
    "tenants.workflow.operations.run_forms.take_form": "the same",
    "tenants.workflow.operations.runs.make_run": "the same",
    "tenants.workflow.operations.moving.foresee_moves": "only says what would happen",
    "tenants.workflow.operations.run_rows.managed_run": "holds the row for the operation that asks; changes nothing",
    "tenants.workflow.operations.run_rows.own_item": "the same",
    "tenants.workflow.operations.run_rows.check_own": "only checks",
    "tenants.workflow.operations.run_rows.require_taking_part": "only checks",
    "tenants.casework.operations.rows.lock_case": "holds the row for the operation that asks; changes nothing",
    "tenants.casework.operations.setup_rows.locked_setup": "holds the row for the operation that asks; changes nothing",
    "tenants.assistance.operations.rows.lock_assistance": "holds the row for the operation that asks; changes nothing",
    "tenants.assistance.operations.taking_in.save_assistance": "what is being written; the hand-over leaves an entry",
    "tenants.assistance.operations.bringing.save_rest": "likewise",
    "tenants.assistance.operations.mandates.mandate_for": "only looks",
    "tenants.assistance.operations.files.begin_assistance_file": "the whole file leaves one",
    "tenants.fees.operations.rows.lock_order": "holds the row for the operation that asks; changes nothing",
    "tenants.ratings.operations.rows.lock_low_rating": "holds the row for the operation that asks; changes nothing",
    "tenants.casework.operations.clocks.extend_examination": "part of an extension, which leaves one",
    "tenants.casework.operations.work.own_case": "part of acts that leave one",
    "tenants.workflow.operations.carried.keep_carried_form": "part of taking a case up, which leaves one",
    "tenants.workflow.operations.carried.change_carried_form": "part of taking a supplement, which leaves one",
    "provisioning.verify.verify_halls": "only reads",
    "provisioning.store_keys.open_store_for": "tells the store again what our rows say; changes none of them",
}


@cache
def leaves_entry(name: str) -> bool:
    """Whether an entry is within reach of this function, through whatever it calls of ours."""
    return RECORD in everything_within([name])


def _is_act(text: str) -> bool:
    return re.fullmatch(r"[a-z]+\.[a-z_]+", text) is not None


def recorded_acts() -> dict[str, str]:
    """Act -> where: whatever is handed to a function that leaves an entry and looks like an act."""
    found = {}
    for module in modules().values():
        for function in module.functions.values():
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                name = getattr(call.func, "id", "")
                callee = f"{module.name}.{name}" if name in module.functions else module.imported.get(name, "")
                if not name or not leaves_entry(settled(callee)):
                    continue
                for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
                    for part in ast.walk(argument):
                        if isinstance(part, ast.Constant) and isinstance(part.value, str) and _is_act(part.value):
                            found[part.value] = f"{module.name}:{call.lineno}"
    return found


def recorded_objects() -> dict[str, str]:
    """``object_type`` -> where."""
    return {
        keyword.value.value: f"{module.name}:{call.lineno}"
        for module in modules().values()
        for function in module.functions.values()
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "object_type" and isinstance(keyword.value, ast.Constant)
        if isinstance(keyword.value.value, str)
    }


class TestOperation:
    def test_are_found(self) -> None:
        assert len(operations()) > 60

    def test_leaves_an_entry(self) -> None:
        silent = [name for name in operations() if name not in WITHOUT_ENTRY and not leaves_entry(name)]
        assert silent == [], "these take `by` and never come to record_act"

    def test_is_excused_only_where_it_exists_and_needs_to(self) -> None:
        assert [name for name in WITHOUT_ENTRY if name not in operations() or leaves_entry(name)] == []


class TestAct:
    def test_has_a_chinese_name(self) -> None:
        acts = recorded_acts()
        assert len(acts) > 50
        assert {act: where for act, where in acts.items() if act not in all_acts()} == {}

    def test_is_done_to_something_with_a_chinese_name(self) -> None:
        objects = recorded_objects()
        assert {kind: where for kind, where in objects.items() if kind not in all_objects()} == {}

    def test_is_shown_by_no_code_name(self) -> None:
        assert [label for label in (*all_acts().values(), *all_objects().values()) if label.isascii()] == []
