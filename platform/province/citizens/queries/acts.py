"""What the audit calls the acts on citizens, companies and mandates."""

from collections.abc import Collection, Mapping
from uuid import UUID

from province.audit.queries.acts import ActNames
from province.audit.queries.names import named_by
from province.citizens.models import Citizen, Company, Mandate, OutsideIdentity
from province.citizens.models.companies import CompanyAgent
from province.citizens.queries.citizens import FIELD_LABELS


def _masked(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """As lists show people: 张*."""
    return {one.pk: one.name.masked for one in Citizen.objects.filter(pk__in=ids)}


_CITIZENS = ActNames(
    "群众与企业",
    {
        "citizens.citizen_sign_in": "群众登录",
        "citizens.citizen_sign_out": "群众退出登录",
        "citizens.citizen_sign_out_all": "群众退出全部登录",
        "citizens.citizen_password": "群众设置密码",
        "citizens.bind_phone": "绑定手机号",
        "citizens.prove_identity": "实名认证",
        "citizens.register_at_desk": "窗口登记群众",
        "citizens.look_up_citizen": "按号码查找群众",
        "citizens.search_people": "按姓名、号码查找",
        "citizens.check_at_desk": "窗口核验身份",
        "citizens.link_guardian": "登记监护关系",
        "citizens.end_guardianship": "解除监护关系",
        "citizens.reveal_citizen": "查看完整个人信息",
        "citizens.reveal_guest_contact": "查看提问人手机号",
        "citizens.export_citizen": "导出个人信息",
        "citizens.end_citizen": "注销群众账号",
        "citizens.register_company": "登记企业",
        "citizens.ask_for_agency": "申请企业代办",
        "citizens.confirm_agency": "同意企业代办",
        "citizens.end_agency": "结束企业代办",
        "citizens.grant_mandate": "登记委托",
        "citizens.confirm_mandate": "确认委托",
        "citizens.open_mandate_paper": "查看委托书",
        "citizens.revoke_mandate": "撤销委托",
        "citizens.add_passkey": "群众添加通行密钥",
        "citizens.remove_passkey": "群众移除通行密钥",
        "citizens.link_outside": "群众绑定外部账号",
        "citizens.unlink_outside": "群众解绑外部账号",
        "citizens.decline_passkey": "群众不用通行密钥",
    },
    objects={
        "citizen": "群众",
        "guest_contact": "提问人",
        "people_search": "查找",
        "company": "企业",
        "mandate": "委托",
    },
    fields={
        "way": "方式",
        "address": "登录地址",
        "phone": "电话",
        "level": "实名等级",
        "number": "证件号码",
        "guardian": "监护人",
        "field": "查看的内容",
        "found": "找到",
        "things": "查的是",
        "words": "查找的内容",
        "passkeys": "通行密钥",
        "sessions": "登录",
        "provider": "平台",
        "acts": "代办的事",
        "representative": "法定代表人",
    },
    names={"citizen": _masked, "company": named_by(Company)},
    refers={"guardian": "citizen", "representative": "citizen"},
    choices={
        ("citizen", "level"): [(str(value), label) for value, label in Citizen.Level.choices],
        ("citizen", "way"): [
            ("code", "验证码"),
            ("password", "密码"),
            ("passkey", "通行密钥"),
            *OutsideIdentity.Provider.choices,
            ("demo", "演示"),
        ],
        ("citizen", "provider"): OutsideIdentity.Provider.choices,
        ("citizen", "field"): list(FIELD_LABELS.items()),
        ("guest_contact", "field"): list(FIELD_LABELS.items()),
        ("mandate", "kind"): Mandate.Kind.choices,
        ("mandate", "state"): Mandate.State.choices,
        ("company", "state"): CompanyAgent.State.choices,
    },
)

ACT_NAMES = (_CITIZENS,)
