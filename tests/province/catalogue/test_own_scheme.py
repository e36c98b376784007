"""How a province builds its codes: chosen by a setting, asked wherever the catalogue checks an item."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from province.catalogue.queries.checks import check_item, own_scheme
from standards.items.exchange import ExchangeItem, read_json, write_json
from tests.factories.items import whole_item

LOCAL = {"local_code": "010000"}
REFUSED = "贵州地方编码应为 10 位，现在是 6 位。"


class TestOwnScheme:
    @pytest.fixture(autouse=True)
    def _read_anew(self) -> Iterator[None]:
        own_scheme.cache_clear()
        yield
        own_scheme.cache_clear()

    @override_settings(LOCAL_CODE_RULE="guizhou-db52-t1264")
    def test_checks_local_codes_by_the_form_that_the_province_names(self) -> None:
        findings = check_item(family="power", item_type="01", values=whole_item() | LOCAL)
        assert [fault.message for fault in findings.province.faults] == [REFUSED]

    @override_settings(LOCAL_CODE_RULE="guizhou-db52-t1264")
    def test_is_asked_of_files_too(self) -> None:
        sent = b"".join(write_json([ExchangeItem("01", whole_item() | LOCAL, {})]))
        assert read_json(sent).is_clean
        assert [fault.message.endswith(REFUSED) for fault in read_json(sent, scheme=own_scheme()).faults] == [True]

    @override_settings(LOCAL_CODE_RULE="nowhere")
    def test_refuses_a_form_that_nobody_wrote_down(self) -> None:
        with pytest.raises(ImproperlyConfigured):
            own_scheme()
