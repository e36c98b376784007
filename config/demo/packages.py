"""The demo's 一件事: 公民身后 (国办发〔2022〕32号), of items of the base list; and somebody who has applied for it."""

from typing import Any, Final

from django.db import transaction

from config.demo.cases import open_item
from config.demo.citizens import VILLAGER
from config.demo.online import fill_and_send
from config.demo.people import COUNTY_CODE, actor_called
from foundation import schemas
from province.catalogue.models import Package
from province.catalogue.operations.packages import add_package, publish_package
from province.citizens.queries.citizens import citizen_with_phone
from province.halls.queries import hall_with_code
from tenants.casework.models import Case, PackageApplication
from tenants.casework.operations.acceptance import note_materials
from tenants.casework.operations.closing import finish_at_once
from tenants.casework.operations.packages import begin_package
from tenants.casework.states import MaterialState
from tenants.workflow.queries.filled import filler_of

_NAME: Final = "公民身后一件事"
_ITEMS: Final = {
    "420741001002": "死亡注销户口登记",
    "422034001001": "惠民殡葬补贴申领",
    "420532006000": "丧葬补助金和抚恤金申领",
    "422052001001": "住房公积金提取",
}
_DEREGISTER, _BURIAL, _PENSION, _FUND = _ITEMS
_VALUES: Final[dict[str, Any]] = {
    "summary": "亲人去世以后，注销户口、领取丧葬补助金和抚恤金、领取殡葬补贴、提取住房公积金，一次申请。"
    "户口注销以后，社保部门直接查到，不用您再跑。",
    "items": [
        {"code": _DEREGISTER},
        {"code": _BURIAL},
        {"code": _PENSION, "after": [_DEREGISTER]},
        {"code": _FUND, "after": [_DEREGISTER]},
    ],
    "situations": [
        {
            "question": "逝者参加过养老保险吗？",
            "code": "1",
            "help": "企业职工、机关事业单位和城乡居民的养老保险都算。",
            "answers": [
                {"label": "参加过", "code": "1", "adds": [_PENSION]},
                {"label": "没有参加", "code": "2"},
            ],
        },
        {
            "question": "逝者有住房公积金吗？",
            "code": "2",
            "answers": [
                {"label": "有", "code": "1", "adds": [_FUND]},
                {"label": "没有", "code": "2"},
            ],
        },
    ],
}


def apply_for_package() -> None:
    """Publish the package, have the county take all of it online, and a citizen apply: the first item is done. Killed,
    the next call does what is left."""
    county = hall_with_code(COUNTY_CODE)
    package = _published()
    citizen = citizen_with_phone(VILLAGER.phone)
    with schemas.enter(county.schema_name), transaction.atomic():
        if citizen is None or PackageApplication.objects.exists():
            return
        if not all(open_item(county, name, has_flow=False) for name in _ITEMS.values()):
            # the county shows no guide of one of them: its site says so
            return
        who = filler_of(citizen)
        begun = begin_package(who=who, hall=county, package_id=package.pk, answers={"1": ["1"], "2": ["2"]})
        fill_and_send(county, who, begun.filled, VILLAGER)
        first = Case.objects.get(package=begun, package_place=1)
        clerk = actor_called("wu")
        states = {one.pk: MaterialState.GIVEN for one in first.materials.all()}
        note_materials(by=clerk, hall=county, case_id=first.pk, states=states)
        finish_at_once(by=clerk, hall=county, case_id=first.pk, outcome="granted", reasons="", proof="本人到窗口签收")


def _published() -> Package:
    package = Package.objects.filter(name=_NAME).first()
    by = actor_called("qian")
    if package is None:
        package = add_package(by=by, name=_NAME, values=_VALUES, code="death")
    if package.newest_id is None:
        publish_package(by=by, package=package, revision=package.revision)
    return package
