"""What the audit calls the acts on manuscripts, pushes, the library and media accounts."""

from collections.abc import Collection, Mapping
from uuid import UUID

from foundation.texts import LINE_LENGTHS, field_label
from province.audit.queries.acts import ActNames
from province.audit.queries.names import named_by
from province.content.models import (
    Asset,
    HallPushDecision,
    LibraryOffer,
    Manuscript,
    ManuscriptVersion,
    MediaAccount,
    Push,
)
from province.content.queries.account_facts import LABELS
from province.content.queries.columns import column_name
from province.content.states import (
    AccountState,
    DeliveryState,
    OfferState,
    PushMode,
    PushState,
    ReviewState,
    Vantage,
    WithdrawalKind,
)


def _versions(ids: Collection[UUID]) -> Mapping[UUID, str]:
    found = ManuscriptVersion.objects.filter(pk__in=ids).values_list("pk", "title", "number")
    return {pk: f"《{title}》第 {number} 版" for pk, title, number in found}


def _columns(codes: Collection[str]) -> Mapping[str, str]:
    return {code: column_name(code) for code in codes}


_MANUSCRIPTS = ActNames(
    "稿件",
    {
        "content.create_manuscript": "新建稿件",
        "content.edit_manuscript": "修改草稿",
        "content.submit": "送审",
        "content.pass_review": "审核通过",
        "content.return_version": "退回",
        "content.add_asset": "上传素材",
        "content.describe_asset": "修改素材说明",
        "content.take_over": "接手稿件",
    },
    objects={"manuscript": "稿件", "asset": "素材"},
    pages={"manuscript": "console-versions"},
    fields={
        **{name: field_label(name) for name in LINE_LENGTHS},
        "version": "版本",
        "state": "状态",
        "is_urgent": "加急",
        "alt": "说明",
        "manuscripts": "稿件数",
    },
    choices={("manuscript", "state"): ReviewState.choices},
    names={
        "manuscript": named_by(Manuscript, "title"),
        "manuscript_version": _versions,
        "asset": named_by(Asset),
    },
)
_PUSHES = ActNames(
    "推稿",
    {
        "content.push": "发布",
        "content.schedule": "定时发布",
        "content.begin": "到时发布",
        "content.replace": "换版",
        "content.withdraw": "撤稿",
        "content.restore": "撤销撤稿",
        "content.stop": "取消定时",
        "content.resume": "恢复定时",
        "content.expire": "到期下线",
        "content.prove": "核验",
        "content.look": "外部查看",
        "content.seal_proof": "封存核验记录",
        "content.adopt_push": "采用推稿",
        "content.decline_push": "不采用推稿",
        "content.move_push": "把推稿移到别的栏目",
        "content.undo_decision": "撤销对推稿的处置",
    },
    objects={"push": "推稿", "proof": "核验记录"},
    pages={"push": "console-push"},
    fields={
        "digest": "摘要",
        "vantage": "查看方",
        "expected": "应核验",
        "right": "正确",
        "wrong": "不符",
        "unreachable": "无法访问",
        "withdrawal_kind": "撤稿方式",
        "withdrawal_reason": "撤稿原因",
        "redirect_url": "转到",
        "substitute_id": "换上的版本",
        "shown": "显示的版本",
        "column": "栏目",
        "decision": "处置",
        "reason": "处置原因",
        "mode": "方式",
        "is_pinned": "置顶",
        "sends_message": "App 消息",
        "starts_at": "开始时间",
        "expires_at": "到期时间",
        "published_at": "发布时间",
    },
    names={"push": named_by(Push, "shown__title")},
    refers={"version": "manuscript_version", "shown": "manuscript_version", "substitute_id": "manuscript_version"},
    codes={"column": _columns},
    choices={
        ("push", "state"): PushState.choices,
        ("push", "withdrawal_kind"): WithdrawalKind.choices,
        ("push", "mode"): PushMode.choices,
        ("proof", "vantage"): Vantage.choices,
        ("push", "decision"): HallPushDecision.Decision.choices,
    },
)
_LIBRARY = ActNames(
    "云稿库",
    {
        "content.offer_article": "供稿",
        "content.take_offer": "选用供稿",
        "content.decline_offer": "不选用供稿",
        "content.pick_offer": "转载供稿",
    },
    objects={"library_offer": "供稿"},
    pages={"library_offer": "console-offer"},
    fields={"desk": "工作台"},
    choices={("library_offer", "state"): OfferState.choices},
    names={"library_offer": named_by(LibraryOffer, "title")},
)
_MEDIA_ACCOUNTS = ActNames(
    "新媒体账号",
    {
        "accounts.file": "备案账号",
        "accounts.change": "变更账号",
        "accounts.confirm": "确认变更",
        "accounts.close": "注销账号",
        "accounts.import": "导入备案表",
        "accounts.retry_delivery": "重新投递",
        "accounts.set_credential": "设置接口凭据",
        "accounts.finish_by_hand": "人工处理完毕",
        "accounts.reveal_contact": "查看负责人完整联系方式",
        "accounts.export_contacts": "导出负责人完整联系方式",
    },
    objects={
        "media_account": "新媒体账号",
        "account_import": "备案表",
        "account_export": "账号名单",
        "delivery": "投递",
    },
    pages={"media_account": "console-account"},
    fields={
        **{name: label for name, label in LABELS.items() if name != "name"},
        "credential_name": "凭据名称",
        "accounts": "账号数",
        "secret": "密钥",
        "may_delete": "可以自动删除",
        "attempts": "次数",
        "created": "新增",
        "updated": "更新",
        "unchanged": "未变",
        "faults": "有误",
    },
    names={"media_account": named_by(MediaAccount)},
    choices={
        ("media_account", "state"): AccountState.choices,
        ("media_account", "platform"): MediaAccount.Platform.choices,
        ("delivery", "state"): DeliveryState.choices,
    },
)

ACT_NAMES = (_MANUSCRIPTS, _PUSHES, _LIBRARY, _MEDIA_ACCOUNTS)
