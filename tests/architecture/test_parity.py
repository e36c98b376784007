"""What people can do on pages, programs can do over the API; and what a program sends twice is done once."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from django.apps import apps

from config.api import hall_api, province_api
from province.halls.models import HallKind
from tests.architecture.calls import called, everything_within, modules, operations
from tests.architecture.sources import sources

_A_PERSONS_OWN = "证明“我是谁”的东西只在本人的浏览器里设置，令牌代替不了本人"
_IN_PERSON_ONLY = "本人自己的事（Actor.is_in_person）：令牌没有这项权限，只由本人登录后在页面上办理"
_A_CITIZENS_OWN = "群众在本人的页面上办理；令牌只有工作人员和程序的，没有群众的"
_IN_PERSON = "群众本人站在窗口前，由接待人员当面办理；程序不能当面核对证件"
_BY_NAME = "程序按名称新建或指定处室，一个接口做这两件事（arrange_department）"
_VISIBLE = "接口修改栏目时写 is_visible，做的是同一件事（change_column）"
_LOOKS = "本人怎样看页面上的表格；程序没有页面，筛选写在自己的请求里"

# operation -> why pages alone come to it
PAGES_ALONE = {
    "province.console.operations.exports.write_list": "名单做成表格拿走；程序从同一份名单的接口一页一页读",
    "province.citizens.operations.citizens.export_citizen": _A_CITIZENS_OWN,
    "province.citizens.operations.citizens.prove_identity": _A_CITIZENS_OWN,
    "province.citizens.operations.citizens.end_citizen": _A_CITIZENS_OWN,
    "province.citizens.operations.citizens.set_citizen_password": _A_CITIZENS_OWN,
    "province.citizens.operations.companies.ask_for_agency": _A_CITIZENS_OWN,
    "province.citizens.operations.companies.confirm_agency": _A_CITIZENS_OWN,
    "province.citizens.operations.companies.end_agency": _A_CITIZENS_OWN,
    "province.citizens.operations.companies.register_company": _A_CITIZENS_OWN,
    "province.citizens.operations.outside.link_outside": _A_CITIZENS_OWN,
    "province.citizens.operations.outside.unlink_outside": _A_CITIZENS_OWN,
    "province.citizens.operations.passkeys.add_citizen_passkey": _A_CITIZENS_OWN,
    "province.citizens.operations.passkeys.decline_citizen_passkey": _A_CITIZENS_OWN,
    "province.citizens.operations.passkeys.remove_citizen_passkey": _A_CITIZENS_OWN,
    "province.citizens.operations.sessions.end_all_sign_ins": _A_CITIZENS_OWN,
    "province.citizens.operations.sessions.end_sign_in": _A_CITIZENS_OWN,
    "province.citizens.operations.citizens.bind_phone": _IN_PERSON,
    "province.citizens.operations.citizens.check_at_desk": _IN_PERSON,
    "province.citizens.operations.citizens.register_at_desk": _IN_PERSON,
    "province.citizens.operations.citizens.link_guardian": _IN_PERSON,
    "province.catalogue.operations.departments.create_department": _BY_NAME,
    "province.catalogue.operations.departments.assign_department": _BY_NAME,
    "province.catalogue.operations.offices.add_office": "程序自己给出代码，用 PUT 新建（arrange_office）",
    "province.console.operations.saved_views.save_view": _LOOKS,
    "province.console.operations.saved_views.set_first_view": _LOOKS,
    "province.console.operations.saved_views.drop_view": _LOOKS,
    "province.people.operations.contacts.write_card": _IN_PERSON_ONLY,
    "province.people.operations.previews.start_preview": "预览是以某人的眼光看页面，接口没有页面可看",
    "province.people.operations.previews.end_preview": "预览是以某人的眼光看页面，接口没有页面可看",
    "province.sign_in.operations.passkeys.add_passkey": _A_PERSONS_OWN,
    "province.sign_in.operations.passwords.change_password": _A_PERSONS_OWN,
    "province.sign_in.operations.second_factor.add_totp": _A_PERSONS_OWN,
    "province.sign_in.operations.second_factor.draw_recovery_codes": _A_PERSONS_OWN,
    "province.sign_in.operations.second_factor.remove_passkey": _A_PERSONS_OWN,
    "province.sign_in.operations.second_factor.remove_totp": _A_PERSONS_OWN,
    "tenants.engagement.operations.answering.save_reply_draft": "编辑框自动保存的草稿；程序直接发出答复",
    "tenants.portal.operations.columns.hide_column": _VISIBLE,
    "tenants.portal.operations.columns.show_column": _VISIBLE,
}

_TRIED = "猜密码、猜编号的次数，只用来挡住继续猜"
# rows -> why no endpoint comes to them
ROWS_OF_PAGES_ALONE = {
    "province.catalogue.models.reads.ItemReads": "只用来按使用多少排服务；次数本身哪里都不列出",
    "province.citizens.models.citizens.Guardianship": _IN_PERSON,
    "province.citizens.models.citizens.LocalMessage": "没有短信网关的演示里代替短信，只给看的人本人",
    "province.citizens.models.guest_contacts.LookUpTry": _TRIED,
    "province.citizens.models.outside.OutsideIdentity": _A_CITIZENS_OWN,
    "province.citizens.models.passkeys.CitizenPasskey": _A_CITIZENS_OWN,
    "province.console.models.SavedView": _LOOKS,
    "province.content.models.accounts.WebPushSubscription": "浏览器自己订阅的通知",
    "province.people.models.contacts.ContactCard": _IN_PERSON_ONLY,
    "province.sign_in.models.clients.OidcKey": "签名密钥：公开的一半在 jwks.json，另一半哪里都不能读",
    "province.sign_in.models.second_factor.Passkey": _A_PERSONS_OWN,
    "province.sign_in.models.second_factor.RecoveryCode": _A_PERSONS_OWN,
    "province.sign_in.models.second_factor.TotpKey": _A_PERSONS_OWN,
    "province.sign_in.models.throttling.SignInTry": _TRIED,
    "foundation.crypto.models.PersonalKey": "个人信息的密钥，哪里都不能读",
    "tenants.engagement.models.ReplyDraft": "编辑框自动保存的草稿；程序直接发出答复",
}

# page -> why it reads several values of one name and acts on no picked rows
SEVERAL_VALUES = {
    "province.content.views.audiences.audience_list": "受众的类型（kinds）是一个条件的几个值",
    "province.content.views.pushes.dialog": "受众的类型（kinds）是一个条件的几个值",
}

# what an operation calls the rows that were picked
_OF_MANY = re.compile(r"(Collection|Sequence|Iterable|Mapping|list|dict|frozenset|set)\[(UUID|str|Decision)\b")

_WRITING = {"post", "put", "patch", "delete"}
_KNOWN_BY_CONTENT = "文件按内容识别，重复上传不会多存一份"
_SHOWN_ONCE = "结果中有只显示一次的密钥、激活码或地址，为重复请求留存就等于保存了明文"
_PERSONAL = "结果是一项完整的个人信息，为重复请求留存就是多存一份明文"
_CODES = "验证码在自己的事务里计数和发送，外面不能再套事务，否则猜错不计数（phone_codes）；重复不会多出一份委托"

# endpoint -> why it takes no Idempotency-Key
WITHOUT_KEY = {
    "province.catalogue.api.materials.upload_file": _KNOWN_BY_CONTENT,
    "province.catalogue.api.words.preview_table": "只说会改什么，什么都不改",
    "province.catalogue.api.extra_elements.preview": "只说会使哪些不完整，什么都不改",
    "province.catalogue.api.extra_elements.preview_revision": "只说会使哪些不完整，什么都不改",
    "province.catalogue.api.words.import_table": "每行带着编号和修订号，新增的组不会与已有的重复，再传一次什么都不改",
    "tenants.workflow.api.places.preview_places": "只说会改什么，什么都不改",
    "tenants.workflow.api.places.import_table": "每行带着编号和修订号，名称不能重复，再传一次什么都不改",
    "tenants.duty.api.roster.preview_roster": "只说会改什么，什么都不改",
    "tenants.duty.api.roster.import_roster_table": "已经是表里写的样子的不改，再传一次什么都不改",
    "province.workdays.api.import_table": "按草稿的修订号写：再传一次，修订号已旧，会被拒绝",
    "tenants.portal.api.workdays.foresee": "只说会改什么，什么都不改",
    "tenants.workflow.api.runs.foresee": "只说会改什么，什么都不改",
    "province.workdays.api.read": "只说读懂了什么，什么都不改",
    "tenants.lower_halls.api.preview_assignment": "只说会下发什么、哪些不符，什么都不改",
    "province.catalogue.api.imports.upload": "只读出预览，确认之前什么都不改；确认有 Idempotency-Key",
    "tenants.services.api.exchange.upload": "只读出预览，确认之前什么都不改；确认有 Idempotency-Key",
    "province.content.api.assets.upload_asset": _KNOWN_BY_CONTENT,
    "tenants.portal.api.files.upload_file": _KNOWN_BY_CONTENT,
    "tenants.portal.api.settings.upload_emblem": _KNOWN_BY_CONTENT,
    "tenants.assistance.api.upload": _KNOWN_BY_CONTENT,
    "tenants.assistance.api.begin_in_pieces": "同一个文件再开始一次，是接着传同一份",
    "tenants.assistance.api.add_piece": "每一段带着从哪里开始，已经收到的再传一次什么都不改",
    "tenants.workflow.api.fillings.upload_for_form": _KNOWN_BY_CONTENT,
    "tenants.workflow.api.fillings.begin_file_in_pieces": "同一个文件再开始一次，是接着传同一份",
    "tenants.workflow.api.fillings.add_piece": "每一段带着从哪里开始，已经收到的再传一次什么都不改",
    "tenants.documents.api.load_template": _KNOWN_BY_CONTENT,
    "province.document_templates.api.load_version": _KNOWN_BY_CONTENT,
    "tenants.casework.api.site.upload_for_own_case": _KNOWN_BY_CONTENT,
    "tenants.casework.api.joint.give_with_paper": _KNOWN_BY_CONTENT,
    "tenants.casework.api.special_procedures.special_end_with_papers": "结束以后再发一次会被拒绝，什么都不改",
    "tenants.casework.api.joint.enter_with_paper": "录入一次以后不能再录，再发一次会被拒绝，什么都不改",
    "tenants.casework.api.licences.use_licence_in_form": _KNOWN_BY_CONTENT,
    "tenants.casework.api.licences.use_own_licence": _KNOWN_BY_CONTENT,
    "province.people.api.people.admit": _SHOWN_ONCE,
    "province.people.api.people.renew_activation": _SHOWN_ONCE,
    "province.people.api.people_imports.take_in": _SHOWN_ONCE,
    "province.sign_in.api.issue": _SHOWN_ONCE,
    "province.sign_in.api.register_client": _SHOWN_ONCE,
    "province.sign_in.api.draw_secret": _SHOWN_ONCE,
    "province.console.api.make_link": _SHOWN_ONCE,
    "province.console.api.export": "只取走一份表格，每取一次都应另留一条审计记录",
    "tenants.casework.api.pushes.make_key": _SHOWN_ONCE,
    "tenants.casework.api.list_exports.fetch_file": _SHOWN_ONCE,
    "tenants.casework.api.records.export": "只取走一份文件，每取一次都应另留一条审计记录",
    "tenants.citizen_pages.api.search": "只查找；每查一次都应另留一条记录，本人能看到",
    "tenants.citizen_pages.api.reveal": _PERSONAL,
    "tenants.engagement.api.call": _PERSONAL,
    "tenants.citizen_pages.api.grant": _CODES,
    "province.catalogue.api.designs.study_designed_form": "只说定义里哪里不对，什么都不改",
    "province.catalogue.api.designs.write_designed_expression": "只写出一个条件并试算，什么都不改",
    "tenants.workflow.api.forms.study_form": "只说定义里哪里不对，什么都不改",
    "tenants.workflow.api.forms.write_expression": "只写出一个条件并试算，什么都不改",
    "tenants.citizen_pages.api.confirm": _CODES,
    "tenants.citizen_pages.api.send_code_again": _CODES,
    "province.content.api.pushes.preview_push": "只预览，不改动任何内容",
    "province.halls.api.check_domains": "只记下刚刚测得的结果，再测一次就是再看一次",
}


@cache
def reached(part: str) -> frozenset[str]:
    """Operations that modules of this part (``views``, ``api``) come to. What operations call in turn does not count: a
    program that can only do the whole cannot do the part."""
    doors = [module for module in modules().values() if part in module.name.split(".")]
    acts = {f"{one.name}.{name}" for one in modules().values() if _is_of_acts(one.name) for name in one.functions}
    names = (name for door in doors for name in called(door, door.tree))
    return frozenset(everything_within(names, up_to=acts) & set(operations()))


@cache
def rows_reached(part: str) -> frozenset[str]:
    """Models that modules of this part come to, by whatever they call of ours."""
    doors = [module for module in modules().values() if part in module.name.split(".")]
    names = (name for door in doors for name in called(door, door.tree))
    return frozenset(everything_within(names) & {f"{one.__module__}.{one.__name__}" for one in apps.get_models()})


def _is_of_acts(module: str) -> bool:
    return "operations" in module.split(".") or module.startswith("provisioning.")


def endpoints() -> Iterator[tuple[str, bool]]:
    """Each endpoint that changes something, and whether it honours an Idempotency-Key."""
    for name, function in _writing():
        yield name, any(getattr(one, "id", "") == "idempotent" for one in function.decorator_list)


def _writing() -> Iterator[tuple[str, ast.FunctionDef]]:
    for source in sources():
        if source.part != "api":
            continue
        for function in source.tree.body:
            if not isinstance(function, ast.FunctionDef):
                continue
            verbs = {
                one.func.attr
                for one in function.decorator_list
                if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)
            }
            if verbs & _WRITING:
                yield f"{source.module}.{function.name}", function


def acts_on_many() -> frozenset[str]:
    """Operations that take many rows at once."""
    found = set()
    for name in operations():
        module, _, what = name.rpartition(".")
        function = modules()[module].functions[what]
        given = (one for one in (*function.args.args, *function.args.kwonlyargs) if one.annotation)
        if any(_OF_MANY.match(ast.unparse(one.annotation)) for one in given if one.annotation):
            found.add(name)
    return frozenset(found)


def pages_for_many() -> Iterator[tuple[str, set[str]]]:
    """Each page that reads several posted values of one name, and the operations that it comes to."""
    known = set(operations())
    for module in modules().values():
        if "views" not in module.name.split("."):
            continue
        for name, function in module.functions.items():
            if "POST.getlist(" in ast.unparse(function):
                full = f"{module.name}.{name}"
                yield full, everything_within([full], up_to=known) & known


class TestPages:
    def test_that_act_on_many_rows_call_what_programs_can_call_for_many(self) -> None:
        """A loop over the operation for one row is no operation: a program would have to write it again."""
        found = dict(pages_for_many())
        assert len(found) >= 6
        for_programs = acts_on_many() & reached("api")
        strays = {name for name, acts in found.items() if not acts & for_programs}
        assert strays == SEVERAL_VALUES.keys(), "these act on many rows, and no endpoint does; or need no excuse"

    def test_are_read_like_the_api(self) -> None:
        both = {"province.people.operations.positions.give_position", "province.content.operations.pushes.push_version"}
        assert both <= reached("views") & reached("api")
        assert len(reached("views")) > 150

    def test_do_nothing_that_programs_cannot(self) -> None:
        strays = reached("views") - reached("api") - PAGES_ALONE.keys()
        assert not strays, f"no endpoint comes to {sorted(strays)}"

    def test_show_no_rows_that_programs_cannot_read(self) -> None:
        strays = rows_reached("views") - rows_reached("api") - ROWS_OF_PAGES_ALONE.keys()
        assert not strays, f"no endpoint comes to {sorted(strays)}"
        assert len(rows_reached("views")) > 150

    def test_are_excused_only_where_they_need_it(self) -> None:
        idle = ROWS_OF_PAGES_ALONE.keys() - (rows_reached("views") - rows_reached("api"))
        assert not idle, f"endpoints come to these, or pages no longer do: {sorted(idle)}"
        known = PAGES_ALONE.keys() - (reached("views") - reached("api"))
        assert not known, f"these need no excuse, or pages no longer come to them: {sorted(known)}"


class TestEndpoint:
    def test_that_writes_does_it_once_for_a_key(self) -> None:
        strays = {name for name, is_once in endpoints() if not is_once} - WITHOUT_KEY.keys()
        assert not strays, f"@idempotent is missing at {sorted(strays)}"

    def test_is_excused_only_where_it_needs_it(self) -> None:
        found = dict(endpoints())
        assert len(found) > 80
        assert {name for name in WITHOUT_KEY if found.get(name, True)} == set()

    def test_answers_with_what_can_be_kept_for_a_repeat(self) -> None:
        """A schema: a row of the database could not be written down."""
        rows = {model.__name__ for model in apps.get_models()}
        once = {name for name, is_once in endpoints() if is_once}
        told = {name: set(re.findall(r"\w+", ast.unparse(one.returns))) for name, one in _writing() if one.returns}
        assert len(told) > 80
        assert {name for name, words in told.items() if words & rows and name in once} == set()

    def test_says_in_the_document_that_it_takes_a_key(self) -> None:
        once = {f"{name.replace('.', '_')}" for name, is_once in endpoints() if is_once}
        assert once == set(_with_key_in_documents())


def _with_key_in_documents() -> Iterator[str]:
    for api in (province_api, *(hall_api(kind) for kind in HallKind.values)):
        for operations_of_path in api.get_openapi_schema(path_prefix="")["paths"].values():
            for operation in operations_of_path.values():
                if any(one["name"] == "Idempotency-Key" for one in operation["parameters"]):
                    yield operation["operationId"]
