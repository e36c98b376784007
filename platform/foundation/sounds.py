"""A column that holds how the name beside it sounds, so that people find rows by pinyin and first letters."""

from typing import Any

from django.db import models
from django.db.models import Q

from foundation.tokenizing import sounds_of

# a name of 80 characters, spelled out and by first letters
_LONGEST = 640


class SoundsField(models.CharField):  # type: ignore[type-arg]  # Django's own takes no parameters when it runs
    """孙北 → "sunbei sb", written with the row. Who saves single fields names this one beside the name."""

    def __init__(self, *, of: str, **options: Any) -> None:
        self.of = of
        super().__init__(**{"max_length": _LONGEST, "blank": True, "default": "", "db_default": "", **options})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002, FBT001 - as Django calls it
        sounds = spelled_out(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, sounds)
        return sounds


def spelled_out(name: str) -> str:
    """What the column holds, for who writes rows without models: 孙北 → "sunbei sb"."""
    return " ".join(sounds_of(name))[:_LONGEST]


def sounds_like(field: str, word: str) -> Q:
    """Rows whose pinyin or first letters begin with the word."""
    spelled = word.lower()
    return Q(**{f"{field}__startswith": spelled}) | Q(**{f"{field}__contains": f" {spelled}"})
