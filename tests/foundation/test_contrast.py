import pytest

from foundation.design.contrast import contrast


class TestContrast:
    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#767676", "#ffffff", 4.54)],
    )
    def test_agrees_with_wcag(self, one: str, other: str, expected: float) -> None:
        assert contrast(one, other) == pytest.approx(expected, abs=0.005)

    def test_does_not_depend_on_the_order(self) -> None:
        assert contrast("#1257a8", "#ffffff") == contrast("#ffffff", "#1257a8")
