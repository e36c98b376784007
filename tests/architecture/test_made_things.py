"""Success leads to the thing made: whoever makes something on a page lands on it, or gets a link to it."""

import ast
from functools import cache

from tests.architecture.calls import called, modules

# how the name of an operation begins that makes something
MAKING = frozenset(
    (
        *("add", "admit", "adopt", "appoint", "ask", "begin", "create", "define", "file", "found", "give", "grant"),
        *("hand", "import", "issue", "link", "load", "make", "name", "offer", "open", "propose", "push", "register"),
        *("start", "take", "upload"),
    )
)
# what leads on: to a page, or to it by a link in what is said
_LEADING = frozenset(("redirect", "reverse", "say_made"))

# page <- operation that need not name what was made, by the reason
_EXCUSED_FOR = {
    "答复本身就显示它：密钥、激活码只显示这一次，或者是浏览器脚本要的 JSON": (
        "province.catalogue.views.files.CatalogueFiles.keep <- add_file",
        "province.console.views.wall.links <- make_wall_link",
        "province.content.views.editor.upload <- add_asset",
        "province.people.views.people.import_file <- import_people",
        "province.people.views.people.new_person <- admit_person",
        "province.people.views.people.new_person <- appoint_person",
        "province.people.views.person.activation <- issue_activation",
        "province.sign_in.views.account.new_token <- issue_token",
        "province.sign_in.views.clients.clients_table <- add_client",
        "province.sign_in.views.factors._act <- add_totp",
        "province.sign_in.views.sign_in.set_up <- add_passkey",
        "province.sign_in.views.sign_in.set_up <- add_totp",
        "province.sign_in.views.tokens.tokens <- issue_token",
        "province.content.views.accounts.import_file <- import_accounts",
        "province.catalogue.views.words.upload <- import_words",
        "tenants.portal.views.desk_articles.upload <- add_asset",
        "tenants.shell.views.progress._look_up <- begin_look_up",
        "tenants.casework.views.pushes.table <- make_department_key",
        "tenants.fees.views.site.notified <- take_notice",
        "tenants.workflow.views.chunks._added <- add_chunk",
        "tenants.workflow.views.places.upload <- import_places",
        "tenants.duty.views.roster.upload <- import_roster",
        "province.citizens.views.sign_in.passkey_proof <- begin_citizen_proof",
        "province.sign_in.views.sign_in.making_options <- begin_passkey",
        "province.sign_in.views.sign_in.proof_options <- begin_proof",
        "tenants.citizen_pages.views.security.passkey_making <- begin_citizen_passkey",
        "tenants.citizen_pages.views.sign_in.passkey_proof <- begin_citizen_proof",
    ),
    "它没有自己的页面，就写在回到的这一页上：人的岗位，群众的委托，事项的停用提请，本厅的域名": (
        "province.catalogue.views.items.base_list <- start_base_list",
        "province.catalogue.views.pauses.abolish <- propose_pause",
        "province.catalogue.views.pauses.suspend <- propose_pause",
        "province.catalogue.views.successions.ask <- propose_succession",
        "province.content.views.proofs.progress <- start_proof",
        "province.document_templates.views.templates.kind <- load_province_template",
        "province.halls.views.hall.domains <- add_domain",
        "province.halls.views.plans.upload <- import_decisions",
        "province.people.views.person.new_position <- give_position",
        "province.people.views.person.new_substitute <- name_substitute",
        "province.sign_in.views.factors._act <- add_passkey",
        "province.workdays.views.calendars.upload <- import_days",
        "tenants.casework.views.referrals.hand_up <- hand_up_case",
        "tenants.citizen_pages.views.desk.guardian <- link_guardian",
        "tenants.citizen_pages.views.desk.mandate <- grant_mandate",
        "tenants.citizen_pages.views.own.new_agency <- ask_for_agency",
        "tenants.citizen_pages.views.own.new_company <- register_company",
        "tenants.citizen_pages.views.security._act <- add_citizen_passkey",
        "tenants.documents.views.templates.kind <- load_template",
        "tenants.engagement.views.asking.question <- ask_further",
        "tenants.ratings.views.site.rate <- give_rating",
        "tenants.workflow.views.runs._keep_phrase <- add_phrase",
        "tenants.workflow.views.runs.act_on_item <- add_signer",
    ),
    "打开送达的文书，只在办件上记一笔，看到的就是它": (
        "tenants.casework.views.site.case <- _seen",
        "tenants.casework.views.site.decision <- _seen",
        "tenants.casework.views.site.decision_paper <- _seen",
        "tenants.casework.views.site.document <- open_own_document",
    ),
    "改的是已有的那一个，回到的就是它的页面": (
        "province.catalogue.views.exchange.item_import <- import_items",
        "province.halls.views.hall._move <- open_hall",
        "province.people.views.person.hand_over_all <- hand_over",
        "tenants.assistance.views.desk.take_back <- take_back_assistance",
        "tenants.casework.views.shared_designs.shared <- take_design",
        "tenants.assistance.views.filling._take <- add_assistance_file",
        "tenants.assistance.views.filling.add_piece <- add_piece_of_file",
        "tenants.assistance.views.filling.check <- hand_over",
        "tenants.assistance.views.rest._take <- add_assistance_file",
        "tenants.assistance.views.rest._take <- hand_over_rest",
        "tenants.casework.views.joint.ask <- ask_another",
        "tenants.casework.views.joint.opinion <- give_opinion",
        "tenants.casework.views.joint_offers.offers <- offer_opinions",
        "tenants.casework.views.setups.setup <- open_setup",
        "tenants.fees.views.desk.ask_again <- ask_payment",
        "tenants.fees.views.verbs._grant <- grant_ask",
        "tenants.portal.views.desk_articles._cover_of <- add_asset",
        "tenants.portal.views.desk_articles.act <- offer_article",
        "tenants.portal.views.desk_pushes.act <- adopt_push",
        "tenants.services.views.desk_exchange.guide_import <- import_guides",
        "tenants.services.views.desk_items.bulk <- give_to_unit",
        "tenants.workflow.views.designed_forms.act <- open_form",
        "tenants.workflow.views.pages.take_files <- add_upload",
        "tenants.workflow.views.runs._keep_draft <- begin_run_form",
    ),
    "登录、预览以后去原来要去的地方": (
        "province.citizens.views.entry.let_citizen_in <- begin_sign_in",
        "province.citizens.views.outside.link_pending <- link_outside",
        "province.people.views.own_positions.preview <- start_preview",
        "province.sign_in.views.entry.let_in <- begin_session",
    ),
}
EXCUSED = frozenset(one for pages in _EXCUSED_FOR.values() for one in pages)


@cache
def _pages() -> dict[str, bool]:
    """Each page with a making operation that it calls itself, and whether what came of it leads on."""
    views = [module for module in modules().values() if "views" in module.name.split(".")]
    making = _making()
    calls = {
        (module.name, name): set(called(module, function))
        for module in views
        for name, function in module.functions.items()
    }
    # what only hands it on is asked where it is called
    handing_on = {
        f"{module.name}.{name}"
        for module in views
        for name, function in module.functions.items()
        if any(_returns(function, one.rpartition(".")[2]) for one in calls[module.name, name] & making)
    }
    found = {}
    for module in views:
        leading = _LEADING | {name for name, one in module.functions.items() if _names(one) & _LEADING}
        for name, function in module.functions.items():
            if f"{module.name}.{name}" in handing_on:
                continue
            for operation in calls[module.name, name] & (making | handing_on):
                short = operation.rpartition(".")[2]
                found[f"{module.name}.{name} <- {short}"] = _leads_on(function, short, leading)
    return found


def _returns(function: ast.FunctionDef, operation: str) -> bool:
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value]
    return any(isinstance(one, ast.Call) and _name(one.func) == operation for one in returned)


@cache
def _making() -> frozenset[str]:
    return frozenset(
        f"{module.name}.{name}"
        for module in modules().values()
        if "operations" in module.name.split(".") or module.name == "provisioning.create"
        for name in module.functions
        if name.split("_")[0] in MAKING
    )


def _leads_on(function: ast.FunctionDef, operation: str, leading: frozenset[str]) -> bool:
    """Whether a call that leads on is given what the operation returned."""
    made = {
        one.id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign | ast.NamedExpr) and operation in _called(node.value)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for one in ast.walk(target)
        if isinstance(one, ast.Name)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _name(node.func) in leading:
            given = [*node.args, *(one.value for one in node.keywords)]
            if any(made & _names(one) or operation in _called(one) for one in given):
                return True
        # the page of the row that the act makes (tenants/shell/layouts/desk.py)
        if isinstance(node, ast.Call) and any(one.arg == "made_at" for one in node.keywords):
            return True
    return False


def _called(node: ast.AST) -> set[str]:
    return {_name(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)}


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


class TestPage:
    def test_that_makes_something_leads_to_it(self) -> None:
        found = _pages()
        assert len(found) > 60
        strays = sorted(one for one, leads in found.items() if not leads and one not in EXCUSED)
        assert not strays, "say_made(), redirect() to it, or a reason:\n" + "\n".join(strays)

    def test_is_excused_only_where_it_needs_it(self) -> None:
        found = _pages()
        assert sorted(one for one in EXCUSED if found.get(one, True)) == []
