"""How items are grouped for those who look for one: themes of people and of bodies, and events of a life (一件事)."""

from typing import Final

from django.db.models import TextChoices

from standards.items.live import live_codes


class PersonTheme(TextChoices):
    """user_topic_type."""

    BIRTH = "001", "生育收养"
    HOUSEHOLD = "002", "户籍办理"
    FAITH = "003", "民族宗教"
    EDUCATION = "004", "教育科研"
    ENLISTMENT = "005", "入伍服役"
    WORK = "006", "就业创业"
    REGISTRATION = "007", "设立变更"
    PERMITS = "008", "准营准办"
    QUALIFICATION = "009", "职业资格"
    PAYMENTS = "010", "行政缴费"
    MARRIAGE = "011", "婚姻登记"
    VETERANS = "012", "优待抚恤"
    BUILDING = "013", "规划建设"
    HOUSING = "014", "住房保障"
    SECURITY = "015", "社会保障"
    PAPERS = "016", "证件办理"
    TRAVEL = "017", "交通出行"
    TOURISM = "018", "旅游观光"
    BORDER = "019", "出境入境"
    CONSUMERS = "020", "消费维权"
    SAFETY = "021", "公共安全"
    JUSTICE = "022", "司法公证"
    IDEAS = "023", "知识产权"
    ENVIRONMENT = "024", "环保绿化"
    CULTURE = "025", "文化体育"
    UTILITIES = "026", "公用事业"
    HEALTH = "027", "医疗卫生"
    RETIREMENT = "028", "离职退休"
    DEATH = "029", "死亡殡葬"
    OTHER = "030", "其他"


class BodyTheme(TextChoices):
    """corp_topic_type."""

    REGISTRATION = "001", "设立变更"
    PERMITS = "002", "准营准办"
    QUALIFICATION = "003", "资质认证"
    YEARLY = "004", "年检年审"
    TAX = "005", "税收财务"
    STAFF = "006", "人力资源"
    SECURITY = "007", "社会保障"
    INVESTMENT = "008", "投资审批"
    FINANCE = "009", "融资信贷"
    PLEDGES = "010", "抵押质押"
    TRADE = "011", "商务贸易"
    TENDERS = "012", "招标拍卖"
    CUSTOMS = "013", "海关口岸"
    FOREIGN = "014", "涉外服务"
    FARMING = "015", "农林牧渔"
    LAND = "016", "国土和规划建设"
    TRANSPORT = "017", "交通运输"
    ENVIRONMENT = "018", "环保绿化"
    EMERGENCY = "019", "应急管理"
    WATER = "020", "水务气象"
    HEALTH = "021", "医疗卫生"
    SCIENCE = "022", "科技创新"
    CULTURE = "023", "文体教育"
    IDEAS = "024", "知识产权"
    FAITH = "025", "民族宗教"
    QUALITY = "026", "质量技术"
    QUARANTINE = "027", "检验检疫"
    SAFETY = "028", "安全生产"
    FIRE = "029", "公安消防"
    JUSTICE = "030", "司法公证"
    UTILITIES = "031", "公用事业"
    CLOSING = "032", "法人注销"
    ARCHIVES = "033", "档案文物"
    OTHER = "034", "其他"


# 国办发〔2022〕32号 and the yearly lists of key matters that followed it begin it; a province goes on with it as rows
LIFE_EVENTS: Final = live_codes("LifeEvent")
