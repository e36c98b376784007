"""Whatever changes something for somebody asks for a permission, and every permission is asked for."""

import ast
from functools import cache
from itertools import chain

from province.rights.permissions import PERMISSIONS, permissions_of_role
from province.rights.roles import ADMINISTRATORS, READY_ROLES, Role
from tests.architecture.calls import SOURCES, called, modules, operations
from tests.architecture.sources import tree_of

RIGHTS = "province.rights.queries"
ASKED = {
    f"{RIGHTS}.{name}"
    for name in (
        "require",
        "may",
        "has_anywhere",
        "require_anywhere",
        "within_reach",
        "works_at",
        "require_work_at",
    )
}
ASKING = {
    "require",
    "may",
    "has_anywhere",
    "require_anywhere",
    "within_reach",
    "works_at",
    "require_work_at",
    "may_at_desk",
    "require_at_desk",
    "locked_article",
    "require_over",
    "may_over",
    "at_desks_of",
    "require_in_hall",
}
ASKING |= {"actor_of_request", "_within_reach", "place_with_code"}

_OWN = "one's own: the operation refuses everybody else"
_PART = "part of operations that have asked"
# public operations that take ``by=``, change something and ask for no permission, each with its reason
WITHOUT_PERMISSION = {
    "province.citizens.operations.searches.note_people_search": _PART,
    "province.console.operations.exports.write_list": "whoever may read a list may take it away: its query has asked",
    "province.people.operations.activation.draw_activation_codes": _PART,
    "province.people.operations.activation.end_activation_codes": _PART,
    "province.content.operations.proofs.finish_proof": _PART,
    "tenants.workflow.operations.kept.save_filled": _PART,
    "tenants.workflow.operations.moments.keep_moment": _PART,
    "tenants.workflow.operations.places.insert_place": _PART,
    "tenants.workflow.operations.places.write_place": _PART,
    "province.catalogue.operations.suspension.begin_pause": _PART,
    "province.catalogue.operations.codes.follow_version": _PART,
    "province.catalogue.operations.suspension.end_pause": _PART,
    "tenants.services.operations.hall_guides.hand_back_guide": _PART,
    "tenants.services.operations.notices.announce_guides": _PART,
    "tenants.services.operations.hall_guides.show_guide": _PART,
    "province.sign_in.operations.passwords.change_password": _OWN,
    "province.sign_in.operations.passkeys.add_passkey": _OWN,
    "province.citizens.operations.passkeys.add_citizen_passkey": _OWN,
    "province.citizens.operations.passkeys.remove_citizen_passkey": _OWN,
    "province.citizens.operations.outside.link_outside": _OWN,
    "province.citizens.operations.outside.unlink_outside": _OWN,
    "province.citizens.operations.passkeys.decline_citizen_passkey": _OWN,
    "province.citizens.operations.sessions.end_all_sign_ins": _OWN,
    "province.citizens.operations.sessions.end_sign_in": _OWN,
    "province.console.operations.saved_views.save_view": _OWN,
    "province.console.operations.saved_views.set_first_view": _OWN,
    "province.console.operations.saved_views.drop_view": _OWN,
    "province.people.operations.contacts.write_card": _OWN,
    "province.sign_in.operations.second_factor.add_totp": _OWN,
    "province.sign_in.operations.second_factor.draw_recovery_codes": _OWN,
    "province.sign_in.operations.second_factor.remove_passkey": _OWN,
    "province.sign_in.operations.second_factor.remove_totp": _OWN,
    "province.sign_in.operations.sessions.end_other_sessions": _OWN,
    "province.sign_in.operations.sessions.end_session": _OWN,
    "province.citizens.operations.citizens.end_citizen": _OWN,
    "province.citizens.operations.citizens.export_citizen": _OWN,
    "province.citizens.operations.citizens.prove_identity": _OWN,
    "province.citizens.operations.citizens.set_citizen_password": _OWN,
    "province.citizens.operations.companies.ask_for_agency": _OWN,
    "province.citizens.operations.companies.confirm_agency": _OWN,
    "province.citizens.operations.companies.end_agency": _OWN,
    "province.citizens.operations.companies.register_company": _OWN,
    "province.audit.operations.entries.record_act": _PART,
    "province.content.operations.assets.file_asset": _PART,
    "province.people.operations.accounts.shut_account": _PART,
    "provisioning.rollouts.join_rollout": _PART,
    "tenants.documents.operations.issuing.issue_document": _PART,
    "tenants.documents.operations.ending.end_issued": _PART,
    "tenants.documents.operations.ending.reinstate_issued": _PART,
    **{
        f"tenants.licences.operations.granting.{name}": _PART
        for name in ("grant_licence", "cancel_licence", "undo_licences")
    },
    "tenants.assistance.operations.rows.note_act": _PART,
    "tenants.casework.operations.results.settle_licences": _PART,
    "tenants.casework.operations.package_parts.send_part": _PART,
    "tenants.casework.operations.sheets.make_sheet": _PART,
    "tenants.engagement.operations.rows.add_message": _PART,
    "tenants.engagement.operations.rows.record": _PART,
    "tenants.fees.operations.opening.open_for_case": _PART,
    "tenants.fees.operations.rows.record": _PART,
    "tenants.ratings.operations.rows.record": _PART,
    "tenants.duty.operations.rows.record_turns": _PART,
    "tenants.duty.operations.swaps.give_turn": _PART,
    "tenants.portal.operations.articles.record": _PART,
    **{
        f"tenants.workflow.operations.{name}": _PART
        for name in (
            *("run_forms.carry_values", "run_forms.fill_in", "run_forms.moment_of", "run_forms.take_form"),
            *("run_rows.note_act", "runs.make_run", "runs.go_on_again"),
            # the app whose run it is has asked
            *("owned.start_owned_run", "owned.hold_owned_run", "owned.release_owned_run", "owned.stop_owned_run"),
            *("owned.stop_owned_time", "owned.resume_owned_time"),
            *("designs.add_version", "designs.keep_draft", "designs.record_design"),
        )
    },
    **{
        f"tenants.casework.operations.{name}": _PART
        for name in (
            *("acceptance.take_up", "clocks.extend_examination", "deciding.write_decision", "rows.note_act"),
            *("acceptance.tell_accepted", "examining.stop_case", "documents.give_lacking_acceptance"),
            "documents.give_receipt",
            # the applicant's own, as the session says
            "lacking.take_brought",
            *("examining.start_examination", "work.own_case", "joint.ask_departments"),
            *("joint.take_answer", "joint_asked.answer_request"),
            *("documents.give_acceptance", "documents.give_supplement", "documents.give_non_acceptance"),
            *("documents.give_special_procedure", "documents.give_extension", "documents.give_decision"),
            *("documents.give_result", "documents.issue_for_case"),
            "examining.stop_case",
        )
    },
    "tenants.workflow.operations.carried.keep_carried_form": _PART,
    "tenants.workflow.operations.carried.change_carried_form": _PART,
    "tenants.casework.operations.work.take_over_cases": "the hand-over was allowed when it was ordered",
    "tenants.assistance.operations.work.take_over_assistances": "the hand-over was allowed when it was ordered",
    "tenants.duty.operations.leaving.take_over_turns": "the hand-over was allowed when it was ordered",
    "tenants.workflow.operations.clock.take_over_work": "the hand-over was allowed when it was ordered",
    "tenants.portal.operations.assets.keep_asset": _PART,
    "tenants.services.operations.adoptions.record_adoption_act": _PART,
    "tenants.services.operations.adoptions.adopt_versions": _PART,
    "province.people.operations.previews.end_preview": "who looks around may always stop",
}


@cache
def asks(name: str) -> bool:
    """Whether one of the functions that ask is within reach of this one, through whatever it calls of ours."""
    seen, to_see = set(), [name]
    while to_see:
        one = to_see.pop()
        if one in ASKED:
            return True
        if one in seen:
            continue
        seen.add(one)
        owner, _, what = one.rpartition(".")
        module = modules().get(owner)
        if module is None or what not in module.functions:
            # a method: its module stands two names up
            owner, _, cls = owner.rpartition(".")
            what, module = f"{cls}.{what}", modules().get(owner)
        if module and what in module.functions:
            to_see.extend(called(module, module.functions[what]))
    return False


def asked_permissions() -> set[str]:
    """Every text that stands as an argument where somebody asks, and every constant that ``declare`` gave a name."""
    found: set[str] = set()
    for module in modules().values():
        for function in module.functions.values():
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and _name(node.func) in ASKING:
                    arguments = chain(node.args, (keyword.value for keyword in node.keywords))
                    found |= {
                        one.value for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, str)
                    }
                    found |= {f"{module.name}.{_name(one)}" for one in arguments}
    return found


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


@cache
def named_by_constants() -> set[str]:
    """What ``ACT = declare("citizens.act", …)``, ``READ = "audit.read"`` or a table of them gives a name, by which a
    function goes."""
    return {
        one.value
        for package, root in SOURCES.items()
        for path in (root / package).rglob("*.py")
        for statement in tree_of(path).body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value
        for node in (statement.value, *getattr(statement.value, "values", ()))
        for one in (node, *(node.args[:1] if isinstance(node, ast.Call) and _name(node.func) == "declare" else ()))
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


class TestOperation:
    def test_asks_for_a_permission(self) -> None:
        silent = [name for name in operations() if name not in WITHOUT_PERMISSION and not asks(name)]
        assert silent == [], "these take `by` and ask for no permission"

    def test_is_excused_only_where_it_exists_and_needs_to(self) -> None:
        assert [name for name in WITHOUT_PERMISSION if name not in operations() or asks(name)] == []


class TestPermission:
    def test_is_asked_for(self) -> None:
        asked = asked_permissions()
        assert len(PERMISSIONS) > 30
        assert [name for name in PERMISSIONS if name not in asked | named_by_constants()] == []

    def test_is_in_some_role(self) -> None:
        assert [one.name for one in PERMISSIONS.values() if not one.roles] == []

    def test_is_named_in_chinese(self) -> None:
        assert [one.name for one in PERMISSIONS.values() if one.label.isascii()] == []


class TestReadyRole:
    def test_is_known_for_every_role_and_may_do_something(self) -> None:
        assert set(READY_ROLES) == set(Role)
        assert [role for role in Role if not permissions_of_role(role)] == []

    def test_has_its_permissions_from_the_apps_alone(self) -> None:
        """An app gives its own permissions, and rights names none."""
        files = list((SOURCES["province"] / "province/rights").glob("*.py"))
        said = {
            node.value
            for path in files
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant)
        }
        assert len(files) > 5
        assert PERMISSIONS.keys() & said == set()

    def test_of_halls_holds_nothing_of_the_provinces(self) -> None:
        of_halls = {role for role, ready in READY_ROLES.items() if ready.is_for_halls}
        assert len(of_halls) > 10
        assert [one.name for one in PERMISSIONS.values() if not one.is_for_halls and one.roles & of_halls] == []

    def test_of_the_system_administrator_reads_no_content(self) -> None:
        permissions = permissions_of_role(Role.SYSTEM_ADMINISTRATOR)
        assert not [name for name in permissions if name.startswith(("content.", "portal.", "citizens.", "rights."))]

    def test_of_the_audit_administrator_only_reads(self) -> None:
        assert all(name.endswith(".read") for name in permissions_of_role(Role.AUDIT_ADMINISTRATOR))

    def test_of_the_security_administrator_alone_grants_among_the_three(self) -> None:
        granting = {role for role in ADMINISTRATORS if "rights.grant" in permissions_of_role(role)}
        assert granting == {Role.SECURITY_ADMINISTRATOR}
