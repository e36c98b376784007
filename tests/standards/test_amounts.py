"""大写金额, after the examples of the rules themselves."""

from decimal import Decimal

import pytest

from standards.numbers.amounts import amount_in_words


class TestAmountInWords:
    def test_writes_as_the_rules_do(self) -> None:
        right = {
            "1409.50": "壹仟肆佰零玖元伍角",
            "6007.14": "陆仟零柒元壹角肆分",
            "1680.32": "壹仟陆佰捌拾元叁角贰分",
            "107000.53": "壹拾万柒仟元伍角叁分",
            "16409.02": "壹万陆仟肆佰零玖元零贰分",
            "325.04": "叁佰贰拾伍元零肆分",
            "0": "零元整",
            "0.05": "伍分",
            "0.5": "伍角",
            "10": "壹拾元整",
            "100000000": "壹亿元整",
            "100000001": "壹亿零壹元整",
            "1001000": "壹佰万壹仟元整",
            "10100010": "壹仟零壹拾万零壹拾元整",
            "1000200030004.05": "壹万亿零贰亿零叁万零肆元零伍分",
            "-12.30": "负壹拾贰元叁角",
        }
        assert {amount: amount_in_words(Decimal(amount)) for amount in right} == right

    @pytest.mark.parametrize("wrong", ["0.001", "1E16", "NaN"])
    def test_refuses_what_cannot_be_paid(self, wrong: str) -> None:
        with pytest.raises(ValueError, match="no amount"):
            amount_in_words(Decimal(wrong))
