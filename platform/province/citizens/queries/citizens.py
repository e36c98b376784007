"""Which citizen is meant, and what is kept about them."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound
from foundation.masking import masked
from province.audit.models import AuditEntry
from province.audit.queries import act_label, entries_about_person
from province.citizens.models import Citizen, Guardianship, LocalMessage
from province.citizens.models.citizens import citizen_label
from province.rights.actors import Actor

FIELD_LABELS = {"phone": "手机号", "name": "姓名", "number": "身份证号"}


def actor_of_citizen(citizen: Citizen) -> Actor:
    """The citizen as operations and the audit see them: a masked name, and nothing that staff may do."""
    return Actor(citizen.pk, citizen.name.masked or citizen.phone.masked or citizen_label(citizen.pk), ())


def open_citizens() -> QuerySet[Citizen]:
    return Citizen.objects.filter(ended_at=None)


def citizen_with_phone(phone: str) -> Citizen | None:
    """The citizen with exactly this whole phone number."""
    return open_citizens().filter(phone_index__of=phone).first()


def citizen_with_number(number: str) -> Citizen | None:
    """The citizen with exactly this whole identity number."""
    return open_citizens().filter(number_index__of=number).first()


def citizen_with_id(citizen_id: UUID) -> Citizen:
    """Raises NotFound."""
    found = open_citizens().filter(pk=citizen_id).first()
    if found is None:
        raise NotFound("没有这位群众，或账号已注销。")
    return found


def guardians_of(ward: Citizen) -> QuerySet[Guardianship]:
    return ward.guardianships.filter(ended_at=None).select_related("guardian").order_by("pk")


def wards_of(guardian: Citizen) -> list[Citizen]:
    """Minors for whom the citizen acts; nobody any more from their eighteenth birthday on."""
    links = guardian.wards.filter(ended_at=None, ward__ended_at=None).select_related("ward").order_by("pk")
    return [link.ward for link in links if link.ward.is_minor]


def entries_by_others(citizen: Citizen, most: int) -> list[AuditEntry]:
    """Who else saw or changed what is kept about the citizen, or acted in their place or their company's; the newest
    first."""
    entries = entries_about_person(citizen.pk)
    for company in citizen.companies.all():
        entries |= entries_about_person(company.pk)
    return list(entries.exclude(actor_id=citizen.pk)[:most])


def data_of(citizen: Citizen) -> dict[str, Any]:
    """All that is kept about the citizen, in plain text, under Chinese headings: for themselves."""
    return {
        "账号": {
            "编号": str(citizen.pk),
            "注册时间": citizen.created_at.isoformat(),
            **{label: getattr(citizen, name).plain for name, label in FIELD_LABELS.items()},
            "实名等级": citizen.get_level_display(),
            "核验时间": citizen.checked_at.isoformat() if citizen.checked_at else "",
            "核验人": masked(citizen.checked_by_name),
            "已设置密码": bool(citizen.password),
            "通行密钥": "、".join(one.name for one in citizen.passkeys.order_by("pk")),
            "绑定的账号": "、".join(one.get_provider_display() for one in citizen.outside_identities.order_by("pk")),
        },
        # of other people only the mask: it is their data
        "监护人": [str(one.guardian) for one in guardians_of(citizen)],
        "被监护人": [str(one) for one in wards_of(citizen)],
        "单位": [{"统一社会信用代码": one.uscc, "单位名称": one.name} for one in citizen.companies.order_by("pk")],
        "代为办事的单位": [
            {
                "单位名称": one.company.name,
                "代办": one.shown_names,
                "事项": "、".join(one.acts),
                "开始日期": one.from_on.isoformat(),
                "结束日期": one.to_on.isoformat(),
                "状态": one.get_state_display(),
            }
            for one in citizen.agencies.select_related("company").order_by("pk")
        ],
        "委托代办": [
            {
                "代办": one.shown_names,
                "方式": one.get_kind_display(),
                "状态": one.get_state_display(),
                "有效期至": one.ends_at.isoformat(),
            }
            for one in citizen.mandates.select_related("clerk").order_by("pk")
        ],
        "查看和办理记录": [
            {
                "时间": one.created_at.isoformat(),
                "人员": one.shown_actor,
                "操作": act_label(one.act),
                "原因": one.reason,
            }
            for one in entries_about_person(citizen.pk)
        ],
    }


def local_messages(most: int = 30) -> list[LocalMessage]:
    """What phones would have got (``/outbox/``), the newest first."""
    return list(LocalMessage.objects.order_by("-created_at", "-pk")[:most])
