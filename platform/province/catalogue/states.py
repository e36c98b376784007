from django.db import models

from foundation.states import Transitions


class VersionState(models.TextChoices):
    """梳理 → 报送 → 审核 → 公布. Before the first of these there is the item's draft."""

    SUBMITTED = "submitted", "已报送，待审核"
    IN_REVIEW = "in-review", "审核中"
    RETURNED = "returned", "已退回"
    RECALLED = "recalled", "已撤回"
    APPROVED = "approved", "已通过，待公布"
    PUBLISHED = "published", "已公布"


VERSION_TRANSITIONS = Transitions(
    {
        VersionState.SUBMITTED: frozenset(
            {VersionState.IN_REVIEW, VersionState.APPROVED, VersionState.RETURNED, VersionState.RECALLED}
        ),
        VersionState.IN_REVIEW: frozenset(
            {VersionState.IN_REVIEW, VersionState.APPROVED, VersionState.RETURNED, VersionState.RECALLED}
        ),
        # the other offices of the step may still say theirs; that it came back stays so
        VersionState.RETURNED: frozenset({VersionState.RETURNED}),
        VersionState.RECALLED: frozenset(),
        VersionState.APPROVED: frozenset({VersionState.PUBLISHED}),
        # undo, as long as its day has not come
        VersionState.PUBLISHED: frozenset({VersionState.APPROVED}),
    }
)

# while offices still decide
OPEN_REVIEWS = (VersionState.SUBMITTED, VersionState.IN_REVIEW)
# while an office may say what it thinks, be it only beside the return of another one
OPEN_TO_OPINIONS = (*OPEN_REVIEWS, VersionState.RETURNED)


class ItemDeskState(models.TextChoices):
    """How a desk sees an item: by its latest version, or as a draft that has none."""

    DRAFT = "draft", "草稿"
    SUBMITTED = VersionState.SUBMITTED.value, VersionState.SUBMITTED.label
    IN_REVIEW = VersionState.IN_REVIEW.value, VersionState.IN_REVIEW.label
    RETURNED = VersionState.RETURNED.value, "已退回，待修改"
    RECALLED = VersionState.RECALLED.value, "已撤回，待修改"
    APPROVED = VersionState.APPROVED.value, VersionState.APPROVED.label
    PUBLISHED = VersionState.PUBLISHED.value, VersionState.PUBLISHED.label


class ItemLife(models.TextChoices):
    ACTIVE = "active", "在用"
    SUSPENDED = "suspended", "暂停"
    ABOLISHED = "abolished", "废止"
    # merged into another item, or split into several: its code leads there for ever
    SUCCEEDED = "succeeded", "已由别的事项承接"


LIFE_TRANSITIONS = Transitions(
    {
        ItemLife.ACTIVE: frozenset({ItemLife.SUSPENDED, ItemLife.ABOLISHED, ItemLife.SUCCEEDED}),
        ItemLife.SUSPENDED: frozenset({ItemLife.ACTIVE, ItemLife.ABOLISHED, ItemLife.SUCCEEDED}),
        # undo: an item that was abolished by mistake
        ItemLife.ABOLISHED: frozenset({ItemLife.ACTIVE}),
        # halls have followed: it is taken back before its day, or not at all
        ItemLife.SUCCEEDED: frozenset(),
    }
)

# nobody handles it any more
ENDED = (ItemLife.ABOLISHED, ItemLife.SUCCEEDED)


class SuccessionKind(models.TextChoices):
    """How items take over from others."""

    MERGER = "merger", "合并"
    SPLIT = "split", "拆分"


class SuccessionState(models.TextChoices):
    """What has become of a merger or a split that somebody has asked for."""

    WAITING = "waiting", "待第二人确认"
    PLANNED = "planned", "已确认，到期执行"
    DONE = "done", "已执行"
    DECLINED = "declined", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"
    LAPSED = "lapsed", "到期未能执行"


SUCCESSION_TRANSITIONS = Transitions(
    {
        SuccessionState.WAITING: frozenset(
            {SuccessionState.PLANNED, SuccessionState.DECLINED, SuccessionState.WITHDRAWN}
        ),
        # undo, as long as its day has not come
        SuccessionState.PLANNED: frozenset({SuccessionState.DONE, SuccessionState.WITHDRAWN, SuccessionState.LAPSED}),
        SuccessionState.DONE: frozenset(),
        SuccessionState.DECLINED: frozenset(),
        SuccessionState.WITHDRAWN: frozenset(),
        SuccessionState.LAPSED: frozenset(),
    }
)

# nobody has decided on it, or its day has not come
OPEN_SUCCESSIONS = (SuccessionState.WAITING, SuccessionState.PLANNED)


class CodeState(models.TextChoices):
    """How a 基本编码 stands to the item that answers to it."""

    CURRENT = "current", "现用"
    FORMER = "former", "曾用"
    COMING = "coming", "尚未启用"


class PauseRequestState(models.TextChoices):
    """What has become of a request to suspend or abolish an item."""

    WAITING = "waiting", "待第二人确认"
    CONFIRMED = "confirmed", "已确认"
    DECLINED = "declined", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"
    LAPSED = "lapsed", "逾期未确认"


PAUSE_REQUEST_TRANSITIONS = Transitions(
    {
        PauseRequestState.WAITING: frozenset(
            {
                PauseRequestState.CONFIRMED,
                PauseRequestState.DECLINED,
                PauseRequestState.WITHDRAWN,
                PauseRequestState.LAPSED,
            }
        ),
        PauseRequestState.CONFIRMED: frozenset(),
        PauseRequestState.DECLINED: frozenset(),
        PauseRequestState.WITHDRAWN: frozenset(),
        PauseRequestState.LAPSED: frozenset(),
    }
)


class HandlingState(models.TextChoices):
    """Whether the draft of its item has a handling item."""

    DRAFTED = "drafted", "在用"
    REMOVED = "removed", "已删去"


class ImportState(models.TextChoices):
    """A file of items: read in the background, looked at, then written in the background."""

    READING = "reading", "正在读取"
    UNREADABLE = "unreadable", "无法读取"
    READY = "ready", "等待确认"
    IMPORTING = "importing", "正在导入"
    DONE = "done", "已导入"


IMPORT_TRANSITIONS = Transitions(
    {
        ImportState.READING: frozenset({ImportState.READY, ImportState.UNREADABLE}),
        ImportState.UNREADABLE: frozenset(),
        ImportState.READY: frozenset({ImportState.IMPORTING}),
        ImportState.IMPORTING: frozenset({ImportState.DONE}),
        ImportState.DONE: frozenset(),
    }
)


class LineKind(models.TextChoices):
    """What an import would do with one item of the file."""

    NEW = "new", "新增"
    CHANGED = "changed", "修改"
    UNCHANGED = "unchanged", "没有变化"
    FAULTY = "faulty", "有问题，不导入"


class LineState(models.TextChoices):
    """What has become of it."""

    WAITING = "waiting", "等待导入"
    WRITTEN = "written", "已写入草稿"
    SAME = "same", "已经如此"
    REFUSED = "refused", "没有导入"


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", "待处理"
    ACCEPTED = "accepted", "已采纳"
    DECLINED = "declined", "未采纳"


PROPOSAL_TRANSITIONS = Transitions(
    {
        ProposalState.PROPOSED: frozenset({ProposalState.ACCEPTED, ProposalState.DECLINED}),
        ProposalState.ACCEPTED: frozenset(),
        ProposalState.DECLINED: frozenset({ProposalState.ACCEPTED}),
    }
)


class AdoptionState(models.TextChoices):
    """What a hall's citizens see of an item that it has adopted (认领)."""

    ADOPTED = "adopted", "未公布"
    PUBLISHED = "published", "已公布"
    STOPPED = "stopped", "已停办"


ADOPTION_TRANSITIONS = Transitions(
    {
        # stopped only where another adoption of the hall has taken over from it
        AdoptionState.ADOPTED: frozenset({AdoptionState.PUBLISHED, AdoptionState.STOPPED}),
        # a changed guide follows
        AdoptionState.PUBLISHED: frozenset({AdoptionState.PUBLISHED, AdoptionState.STOPPED}),
        AdoptionState.STOPPED: frozenset({AdoptionState.PUBLISHED}),
    }
)


class HallGuideState(models.TextChoices):
    """How far the draft of a hall's guide (实施清单) is, while citizens go on reading the published one."""

    FILLING = "filling", "填写中"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "已退回"
    DONE = "done", "已定稿"


HALL_GUIDE_TRANSITIONS = Transitions(
    {
        HallGuideState.FILLING: frozenset({HallGuideState.FILLING, HallGuideState.SUBMITTED}),
        HallGuideState.RETURNED: frozenset({HallGuideState.FILLING, HallGuideState.SUBMITTED}),
        HallGuideState.SUBMITTED: frozenset({HallGuideState.FILLING, HallGuideState.RETURNED, HallGuideState.DONE}),
        HallGuideState.DONE: frozenset({HallGuideState.FILLING}),
    }
)


class CellState(models.TextChoices):
    """How an item stands in a hall, as the county sees it; one letter each."""

    NONE = "u", "未认领"
    ASSIGNED = "a", "已下发，未认领"
    FILLING = "f", "待完善"
    SUBMITTED = "s", "待审核"
    RETURNED = "r", "已退回"
    PUBLISHED = "p", "已公布"
    CHANGING = "c", "已公布，修改中"
    # citizens find its name and whom to call, and no guide
    LISTED = "i", "只列名录，指南不全"
    NEWER = "n", "有新版待接受"
    OVERDUE = "o", "新版逾期未接受"
    STOPPED = "x", "已停办"
    # what its level does not do, and what no count has
    ELSEWHERE = "-", "不在本级办理"


class WordKind(models.TextChoices):
    """What a rule of the search says of its words."""

    SAYING = "saying", "说法"
    ALIKE = "alike", "同义词"
    SILENT = "silent", "无关的字词"


class SearchVerdict(models.TextChoices):
    """What became of a text that was searched for without success. All but NOT_OURS open again where it is missed on a
    later day."""

    NOT_OURS = "not_ours", "不是办事"
    DONE = "done", "已处理"
    FOUND = "found", "现在能找到"
    REPORTED = "reported", "已报省里"


class ExtraKind(models.TextChoices):
    """What the value of an added element (扩展要素) is."""

    LINE = "line", "文字（一行）"
    TEXT = "text", "长文字（可以多行）"
    NUMBER = "number", "数字"
    DAY = "day", "日期"
    FLAG = "flag", "是或否"
    CHOICE = "choice", "从选项中选一个"
    CHOICES = "choices", "从选项中选几个"
    LINK = "link", "网址"
