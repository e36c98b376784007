"""Every public table says which way its rows travel, and no key crosses the wrong way (docs/architecture.md)."""

from collections.abc import Iterator

import pytest
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


@pytest.mark.parametrize("model", _public_models(), ids=lambda model: model._meta.label)
class TestPublicTable:
    def test_has_a_direction(self, model: type[Model]) -> None:
        assert isinstance(getattr(model, "direction", None), Direction)

    def test_holds_no_key_from_a_down_table_to_an_up_one(self, model: type[Model]) -> None:
        if model.direction is not Direction.DOWN:  # type: ignore[attr-defined]
            return
        upward = [
            field.name
            for field in _keys(model)
            if getattr(field.related_model, "direction", None) in {Direction.UP, Direction.LOCAL}
        ]
        assert upward == []

    def test_has_a_key_that_two_databases_can_draw_without_meeting(self, model: type[Model]) -> None:
        kind = model._meta.pk.get_internal_type()
        assert kind not in {"AutoField", "BigAutoField", "SmallAutoField"}


@pytest.mark.parametrize("model", _hall_models(), ids=lambda model: model._meta.label)
class TestHallTable:
    def test_is_a_hall_row(self, model: type[Model]) -> None:
        assert issubclass(model, HallRow)

    def test_holds_no_key_that_leaves_the_schema(self, model: type[Model]) -> None:
        hall_models = set(_hall_models())
        assert [field.name for field in _keys(model) if field.related_model not in hall_models] == []
