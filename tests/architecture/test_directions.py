"""Every public table says which way its rows travel, and no key crosses the wrong way (docs/architecture.md)."""

from collections.abc import Callable, Iterator

from django.apps import apps
from django.db.models import ForeignKey, Model

from foundation.rows import Direction, HallRow

OURS = ("foundation.", "province.", "provisioning")


def _public_models() -> list[type[Model]]:
    return [model for config in apps.get_app_configs() if config.name.startswith(OURS) for model in config.get_models()]


def _hall_models() -> list[type[Model]]:
    configs = [config for config in apps.get_app_configs() if config.name.startswith("tenants.")]
    return [model for config in configs for model in config.get_models()]


def _keys(model: type[Model]) -> Iterator[ForeignKey[Model, Model]]:
    for field in model._meta.get_fields():
        if isinstance(field, ForeignKey) and field.db_constraint:
            yield field


class TestPublicTable:
    def test_has_a_direction(self) -> None:
        assert len(_public_models()) > 60
        assert _strays(lambda model: isinstance(getattr(model, "direction", None), Direction)) == []

    def test_holds_no_key_from_a_down_table_to_an_up_one(self) -> None:
        upward = [
            f"{model._meta.label}.{field.name}"
            for model in _public_models()
            if model.direction is Direction.DOWN  # type: ignore[attr-defined]
            for field in _keys(model)
            if getattr(field.related_model, "direction", None) in {Direction.UP, Direction.LOCAL}
        ]
        assert upward == []

    def test_has_a_key_that_two_databases_can_draw_without_meeting(self) -> None:
        counted = {"AutoField", "BigAutoField", "SmallAutoField"}
        assert _strays(lambda model: model._meta.pk.get_internal_type() not in counted) == []


def _strays(is_right: Callable[[type[Model]], bool]) -> list[str]:
    return [model._meta.label for model in _public_models() if not is_right(model)]


class TestHallTable:
    def test_is_a_hall_row(self) -> None:
        assert len(_hall_models()) > 8
        assert [model._meta.label for model in _hall_models() if not issubclass(model, HallRow)] == []

    def test_holds_no_key_that_leaves_the_schema(self) -> None:
        hall_models = set(_hall_models())
        leaving = [
            f"{model._meta.label}.{field.name}"
            for model in hall_models
            for field in _keys(model)
            if field.related_model not in hall_models
        ]
        assert leaving == []
