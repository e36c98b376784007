"""Closed lists of values. What is a code of GB/T 39046 or of the national tables stands as it is there."""

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices


class Family(TextChoices):
    """The three kinds of items that a hall shows."""

    DISCLOSURE = "disclosure", "政府信息公开事项"
    POWER = "power", "行政职权"
    SERVICE = "service", "便民服务"


class ItemType(TextChoices):
    """The types of items, by their codes in GB/T 39046 A.1. Codes 18 and 21 are free there: here 21 stands for what is
    made public, and 18 for awards that nobody applies for, whose codes and national type are those of 08."""

    POWER = "00", "行政权力"
    LICENCE = "01", "行政许可"
    PENALTY = "02", "行政处罚"
    COERCION = "03", "行政强制"
    LEVY = "04", "行政征收"
    PAYMENT = "05", "行政给付"
    INSPECTION = "06", "行政检查"
    CONFIRMATION = "07", "行政确认"
    REWARD = "08", "行政奖励"
    RULING = "09", "行政裁决"
    OTHER_POWER = "10", "其他行政权力"
    PUBLIC_SERVICE = "20", "公共服务"
    DISCLOSURE = "21", "政府信息公开"
    HONOUR = "18", "依职权行政奖励"


_SERVICES = frozenset({ItemType.PUBLIC_SERVICE})
DISCLOSED = frozenset({ItemType.DISCLOSURE})
POWERS = frozenset(ItemType) - {ItemType.POWER} - _SERVICES - DISCLOSED
# what a citizen applies for, and what an authority does of its own motion
ACTED = frozenset({ItemType.PENALTY, ItemType.COERCION, ItemType.LEVY, ItemType.INSPECTION, ItemType.HONOUR})
PENALISED = frozenset({ItemType.PENALTY})
COERCED = frozenset({ItemType.COERCION})
LEVIED = frozenset({ItemType.LEVY})
INSPECTED = frozenset({ItemType.INSPECTION})
HONOURED = frozenset({ItemType.HONOUR})
BURDENED = ACTED - HONOURED
APPLIED = (POWERS - ACTED) | _SERVICES
DONE = POWERS | _SERVICES
ALL_TYPES = DONE | DISCLOSED
TYPES_OF: Final[Mapping[Family, frozenset[ItemType]]] = {
    Family.DISCLOSURE: DISCLOSED,
    Family.POWER: POWERS,
    Family.SERVICE: _SERVICES,
}
FAMILY_OF: Final[Mapping[str, Family]] = {
    item_type.value: family for family, types in TYPES_OF.items() for item_type in types
}
# our type -> GB/T 39046 A.1's
NATIONAL_TYPES: Final[Mapping[str, str]] = {one.value: one.value for one in ItemType} | {
    ItemType.HONOUR.value: ItemType.REWARD.value
}


class Level(TextChoices):
    """The level of government that exercises a power (行使层级), by its code in GB/T 39046 A.2."""

    NATION = "1", "国家级"
    PROVINCE = "2", "省级"
    CITY = "3", "市级"
    COUNTY = "4", "县级"
    TOWNSHIP = "5", "镇（乡、街道）级"
    VILLAGE = "6", "村（社区）级"
    SHARED = "7", "分级管理"


class BodyKind(TextChoices):
    """The nature of the body that handles an item (实施主体性质), by its code in GB/T 39046 A.3."""

    AUTHORITY = "1", "法定机关"
    AUTHORISED = "2", "法律法规授权组织"
    ENTRUSTED = "3", "受委托组织"
    OTHER = "9", "其他"


class ApplicantKind(TextChoices):
    """For whom an item is (服务对象), by its code in GB/T 39046 A.4."""

    PERSON = "1", "自然人"
    COMPANY = "2", "企业法人"
    INSTITUTION = "3", "事业法人"
    ASSOCIATION = "4", "社会组织法人"
    AUTHORITY = "5", "行政机关"
    OTHER = "6", "其他组织"


class Channel(TextChoices):
    """Where people may apply (办理形式), by its code in GB/T 39046 A.5."""

    WINDOW = "1", "窗口办理"
    COMPUTER = "2", "电脑端办理"
    PHONE = "3", "移动端办理"
    POST = "4", "快递申请"
    OTHER = "9", "其他"


class CaseType(TextChoices):
    """How long and by how many a case is handled (办件类型): finer than A.6 of GB/T 39046, to which it is mapped for
    the national exchange."""

    INSTANT = "instant", "即办件"
    PROMISED = "promised", "承诺件"
    COMPLETED = "completed", "补办件"
    REPORTED = "reported", "上报件"
    JOINT = "joint", "联办件"


NATIONAL_CASE_TYPES: Final[Mapping[str, str]] = {
    CaseType.INSTANT: "1",
    CaseType.PROMISED: "2",
    CaseType.COMPLETED: "9",
    CaseType.REPORTED: "9",
    CaseType.JOINT: "9",
}


class HandlingKind(TextChoices):
    """What somebody comes for within one item (业务办理项的类型)."""

    NEW = "new", "新办"
    CHANGE = "change", "变更"
    EXTEND = "extend", "延续"
    RENEW = "renew", "换证（换领）"
    REISSUE = "reissue", "补证（补领）"
    CANCEL = "cancel", "注销"
    OTHER = "other", "其他"


class DayUnit(TextChoices):
    """Which days a number of days counts."""

    WORKING_DAYS = "1", "个工作日"
    CALENDAR_DAYS = "2", "个自然日"


class LimitUnit(TextChoices):
    """The unit of a promised time: one of DayUnit, or 当场办结, done while the person waits (the days are then 0)."""

    WORKING_DAYS = "1", "个工作日"
    CALENDAR_DAYS = "2", "个自然日"
    AT_ONCE = "0", "当场办结"


class StatutoryUnit(TextChoices):
    """The unit of a time that the law sets: one of LimitUnit, or 9 where the law sets none (the days are then 0)."""

    WORKING_DAYS = "1", "个工作日"
    CALENDAR_DAYS = "2", "个自然日"
    AT_ONCE = "0", "当场办结"
    NONE = "9", "法律法规未规定时限"


class ItemState(TextChoices):
    """Whether an item is in force, by the codes of ``task_state`` in the national exchange."""

    IN_FORCE = "1", "在用"
    SUSPENDED = "2", "暂停"
    CANCELLED = "3", "取消"


class PowerSource(TextChoices):
    """From whom a body has the power that it exercises (权力来源)."""

    STATUTORY = "1", "法定本级行使"
    DELEGATED = "2", "上级下放"
    ENTRUSTED = "3", "上级委托"
    AUTHORISED = "4", "法律法规授权"
    OTHER = "9", "其他"


class MaterialNeed(TextChoices):
    """Whether an application needs a material (材料必要性); LATER: it may be handed in afterwards (容缺后补)."""

    REQUIRED = "1", "必要"
    OPTIONAL = "2", "非必要"
    LATER = "3", "容缺后补"


class MaterialKind(TextChoices):
    """Whether the original of a material is asked for, a copy, or both (材料类型)."""

    ORIGINAL = "1", "原件"
    COPY = "2", "复印件"
    BOTH = "3", "原件和复印件"


class Carrier(TextChoices):
    """Whether a material is on paper or electronic (材料形式)."""

    PAPER = "1", "纸质"
    ELECTRONIC = "2", "电子"
    EITHER = "3", "纸质或电子"


class MaterialSource(TextChoices):
    """Who issues a material (来源渠道)."""

    APPLICANT = "1", "申请人自备"
    GOVERNMENT = "2", "政府部门核发"
    OTHER = "3", "其他（中介机构或法定机构出具）"


class Submission(TextChoices):
    """How a material reaches the window."""

    WINDOW = "window", "窗口提交"
    UPLOAD = "upload", "网上上传"
    POST = "post", "邮寄"
    SHARED = "shared", "数据共享免提交"
    LICENCE = "licence", "电子证照免提交"
    PROMISE = "promise", "告知承诺代替"


class Exemption(TextChoices):
    """By what the window looks up what nobody has to bring (免提交)."""

    DATA = "data", "免提交（查询共享数据）"
    LICENCE = "licence", "免提交（查询电子证照）"


class ResultKind(TextChoices):
    """What somebody gets at the end (办理结果类型)."""

    LICENCE = "1", "证照"
    DOCUMENT = "2", "批文"
    OTHER = "3", "其他"


class OnlineDepth(TextChoices):
    """How much of an item can be done online, by the codes of ``online_handle_depth`` in the national exchange: from
    reading about it to never coming to a window."""

    READ = "1", "网上查看办事指南"
    APPLY = "2", "网上申报，到现场提交原件"
    ACCEPT = "3", "网上预审，到现场领取结果"
    WHOLE = "4", "全程网办"


class HandlingLimit(TextChoices):
    """What the province settles of how an item is handled, and no hall can say otherwise (办理限制)."""

    IN_PERSON = "in-person", "须本人到场"
    NO_AGENCY = "no-agency", "不得代办"
    WINDOW_ONLY = "window-only", "只能到窗口办"


class HandleArea(TextChoices):
    """In how large an area people may apply, wherever in it they live (通办范围)."""

    NATION = "1", "全国通办"
    REGION = "2", "跨省通办"
    PROVINCE = "3", "全省通办"
    CITY = "4", "全市通办"
    COUNTY = "5", "全县通办"
    NONE = "9", "仅本地办理"


class CrossProvinceWay(TextChoices):
    """How an item of another province is handled where one lives (跨省通办的业务模式), after 国办发〔2020〕35号: online
    from beginning to end, taken in and sent on there, or handled by several places together."""

    ONLINE = "online", "全程网办"
    AGENT = "agent", "异地代收代办"
    JOINT = "joint", "多地联办"


class Payer(TextChoices):
    """Who pays for an intermediary service (中介服务)."""

    APPLICANT = "applicant", "申请人"
    AUTHORITY = "authority", "审批部门"
    NOBODY = "nobody", "不收费"
    OTHER = "other", "按当地规定"


class ExcludedStep(TextChoices):
    """Steps whose time does not count toward the legal limit: those that 行政许可法 Art. 45 names (听证, 招标, 拍卖,
    检验, 检测, 检疫, 鉴定, 专家评审), and others that stand beside them in practice."""

    HEARING = "hearing", "听证"
    TENDER = "tender", "招标"
    AUCTION = "auction", "拍卖"
    INSPECTION = "inspection", "检验"
    TESTING = "testing", "检测"
    QUARANTINE = "quarantine", "检疫"
    EXPERTISE = "expertise", "鉴定"
    EXPERTS = "experts", "专家评审"
    SITE = "site", "现场勘验"
    NOTICE = "notice", "公示公告"
    OTHER = "other", "其他"


class DisclosureManner(TextChoices):
    """Whether something is made public by the authority itself or when somebody asks (公开方式)."""

    OWN_MOTION = "own", "主动公开"
    ON_REQUEST = "request", "依申请公开"


class DisclosureAudience(TextChoices):
    """To whom something is made public (公开对象)."""

    EVERYBODY = "all", "全社会"
    SOME = "some", "特定群体"


class DisclosureChannel(TextChoices):
    """公开渠道和载体, as in the standard directories after 国办发〔2019〕54号."""

    WEBSITE = "website", "政府网站"
    GAZETTE = "gazette", "政府公报"
    NEW_MEDIA = "media", "政务新媒体"
    CONFERENCE = "conference", "发布会或听证会"
    BROADCAST = "broadcast", "广播电视"
    PRINT = "print", "纸质媒体"
    READING_ROOM = "reading", "公开查阅点"
    SERVICE_CENTRE = "centre", "政务服务中心"
    SERVICE_STATION = "station", "便民服务站"
    ON_SITE = "site", "入户或现场"
    NOTICE_BOARD = "board", "社区、企事业单位、村公示栏"
    TARGETED = "targeted", "精准推送"
    OTHER = "other", "其他"
