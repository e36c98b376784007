"""What masks leave to be seen."""

import pytest
from pydantic import BaseModel, ValidationError

from foundation.crypto.fields import Personal
from foundation.masking import (
    MASKS,
    MaskedText,
    mask_account,
    mask_address,
    mask_name,
    mask_number,
    mask_phone,
    masked,
    scrub,
)


@pytest.mark.parametrize(
    ("kind", "plain", "shown"),
    [
        ("number", "420582199001011234", "420***********1234"),
        ("phone", "13812341234", "138****1234"),
        ("phone", "07173222222", "071****2222"),
        ("phone", "138 1234-1234", "138****1234"),
        ("phone", "3222222", "*****22"),
        ("name", "张三", "张*"),
        ("name", "张小三", "张*三"),
        ("name", "欧阳小三", "欧**三"),
        ("name", "买买提·吐尔逊", "买******"),
        ("name", "张", "*"),
        ("account", "6222 0212 0200 1234 567", "***************4567"),
        ("account", "1234", "****"),
        ("address", "湖北省宜昌市当阳市河溶镇红联村3组12号", "湖北省宜昌市当阳市****"),
        ("address", "北京市海淀区中关村大街1号", "北京市海淀区****"),
        ("address", "湖北省神农架林区松柏镇", "湖北省神农架林区****"),
        ("address", "恩施土家族苗族自治州恩施市舞阳坝", "恩施土家族苗族自治州恩施市****"),
        ("address", "江西省景德镇市昌江区西山路", "江西省景德镇市昌江区****"),
        ("address", "镇江市丹徒区辛丰镇", "镇江市丹徒区****"),
        ("address", "河溶镇城区红联小区12号", "****"),
        ("address", "3组12号", "****"),
    ],
)
class TestMasked:
    def test_hides_each_kind_of_data_as_people_know_it(self, kind: str, plain: str, shown: str) -> None:
        assert masked(plain, kind) == shown


class TestMaskedWithoutAKind:
    def test_takes_a_name(self) -> None:
        assert masked("赵敏") == "赵*"


class TestMasks:
    @pytest.mark.parametrize("mask", [mask_number, mask_phone, mask_name, mask_account, mask_address])
    def test_hide_something_of_every_length_and_never_break(self, mask: object) -> None:
        for length in range(40):
            text = "1" * length
            shown = mask(text)  # type: ignore[operator]
            assert not length or "*" in shown

    def test_have_a_name_for_templates(self) -> None:
        assert set(MASKS) == {"number", "phone", "name", "account", "address"}


class TestScrub:
    def test_masks_numbers_and_phones_within_a_text(self) -> None:
        text = scrub("联系13812341234或+86 138 1234 1234,证件42058219900101123X。")
        assert text == "联系138****1234或138****1234,证件420***********123X。"

    def test_leaves_ids_times_and_amounts_alone(self) -> None:
        text = "0191f0c2-1381-7341-2341-138123412345 1732512345.138123 138123412345678 12345678901"
        assert scrub(text) == text
        digest = "f13812341234" + "a1b2" * 13
        assert scrub(digest) == digest
        assert scrub("全角１２３，不是号码") == "全角１２３，不是号码"

    @pytest.mark.parametrize(
        "text",
        [
            "f13812341234",
            "tel13812341234abc",
            "user_13812341234_2",
            "１３８１２３４１２３４",
            "138-1234-1234",
            "1 3 8 1 2 3 4 1 2 3 4",
            "138　1234　1234",
            "+86-138 1234 1234",
            "8613812341234",
            "id42058219900101123Xend",
            "４２０５８２１９９００１０１１２３Ｘ",
            "420582 19900101 123X",
            "420582-1990-0101-123X",
            "4 2 0 5 8 2 1 9 9 0 0 1 0 1 1 2 3 X",
        ],
    )
    def test_masks_however_they_are_written(self, text: str) -> None:
        masked = scrub(f"前{text}后")
        assert "****" in masked
        assert "1234" not in masked[:-6]
        assert "1990" not in masked


class TestMaskedText:
    class Out(BaseModel):
        phone: MaskedText

    def test_takes_a_personal_value_and_carries_its_mask(self) -> None:
        assert self.Out(phone=Personal("13812341234", b"", mask_phone)).phone == "138****1234"  # type: ignore[arg-type]

    def test_refuses_a_plain_text(self) -> None:
        with pytest.raises((TypeError, ValidationError)):
            self.Out(phone="13812341234")
