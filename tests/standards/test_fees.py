"""What is read of a 收费标准, and what is not."""

from province.catalogue.base_list.reading import read_base_list
from standards.fees import FeeRate, in_yuan, read_rates, read_yuan, waiver_rules


def rates(text: str) -> list[tuple[str, str, int, int]]:
    return [(one.label, one.unit, one.least_fen, one.most_fen) for one in read_rates(text)]


class TestRates:
    def test_are_read_where_a_standard_says_nothing_else(self) -> None:
        wanted = {
            "每本 120 元；加注每项 20 元": [("", "本", 12000, 12000), ("加注", "项", 2000, 2000)],
            "到期换领每证 20 元；丢失补领、损坏换领每证 40 元": [
                ("到期换领", "证", 2000, 2000),
                ("丢失补领、损坏换领", "证", 4000, 4000),
            ],
            "住宅类 80 元/件；非住宅类 550 元/件，第一本证书不收工本费": [
                ("住宅类", "件", 8000, 8000),
                ("非住宅类", "件", 55000, 55000),
            ],
            "通行证每张 60 元，一次有效签注 15 元": [("通行证", "张", 6000, 6000), ("一次有效签注", "项", 1500, 1500)],
            "每平方米 0.5 元": [("", "平方米", 50, 50)],
            "１,２００ 元／次": [("", "次", 120000, 120000)],
            "每件 50 元至 200 元。": [("", "件", 5000, 20000)],
            "每件 50—200.5 元": [("", "件", 5000, 20050)],
            "首次申领不收费；补领每证 40 元": [("补领", "证", 4000, 4000)],
            "每件 80 元，由申请登记的抵押权人（银行）缴纳。": [("", "件", 8000, 8000)],
            "第一本证书不收工本费，加发证书工本费 10 元/本。": [("加发证书工本费", "本", 1000, 1000)],
        }
        assert {text: rates(text) for text in wanted} == wanted
        assert {text: rates(text.replace(" ", "")) for text in wanted} == wanted

    def test_are_none_where_any_part_says_something_else(self) -> None:
        texts = (
            "",
            "按省公布的标准",
            "换领、补领按省里的标准",
            "每证 10 元（考试费分科目另按省里标准）",
            "住宅类 80 元/件，第一本证书不收 10 元工本费",
            "每件 10 元，超过 3 件的每件 5 元",
            "每件不低于 10 元",
            "每件 10 元起",
            "每件最高 100 元",
            "每件 0 元",
            "每件 100 元至 50 元",
            "每件 10 元；每件 20 元",
            "10 万元/次",
            "每件 -10 元",
            "每件 10.555 元",
            "每件十元",
            "每件 80 元，由双方各缴纳 40 元",
            "每件 80 元，超过 3 件的由申请人缴纳",
        )
        assert {text: rates(text) for text in texts if rates(text)} == {}

    def test_know_whether_they_are_fixed(self) -> None:
        assert FeeRate("", "件", 100, 100).is_fixed
        assert not FeeRate("", "件", 100, 200).is_fixed


class TestBaseList:
    def test_names_no_amount_that_is_not_read(self) -> None:
        fees = [one for item in read_base_list() for one in item.values.get("fees") or ()]
        assert len(fees) > 20
        assert [one["standard"] for one in fees if "元" in one["standard"] and not read_rates(one["standard"])] == []


class TestWords:
    def test_name_amounts_in_yuan_and_read_them_back(self) -> None:
        assert [in_yuan(one) for one in (0, 5, 12000, 123456789)] == ["0.00", "0.05", "120.00", "1,234,567.89"]
        assert [read_yuan(one) for one in ("80", " 80.5 元", "1,234.56", "８０", "-1", "1.234", "x", "")] == [
            *(8000, 8050, 123456, 8000),
            *(None, None, None, None),
        ]

    def test_list_who_need_not_pay(self) -> None:
        assert waiver_rules("低保对象免收；孤儿免收。\n 烈士遗属免收 ") == ("低保对象免收", "孤儿免收", "烈士遗属免收")
