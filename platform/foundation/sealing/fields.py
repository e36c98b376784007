"""JSON of a hall's own rows, sealed under a key of its owner (envelope encryption), bound to model, field and row.

The owner's key is one row, sealed under the personal keys: a rotation writes that row anew and opens no schema.
"""

from collections.abc import Sequence
from typing import Any, Final, override
from uuid import UUID

from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from foundation.crypto import sm4
from foundation.errors import Damaged
from foundation.pressing import press, unpress
from foundation.rows import HallRow, Uuid7, draw_id
from foundation.sealing.keys import current_key, key_with_id

_ID_BYTES: Final = 16
_DAMAGED = "这份资料与写入时不一致，可能被改动或移动过，不能使用。请联系管理员。"


class SealedRow(HallRow):
    """A hall's row with sealed columns. It draws its key itself."""

    id = models.UUIDField(primary_key=True, default=draw_id, db_default=Uuid7(), editable=False)

    class Meta:
        abstract = True


class OwnedJSON:
    """A value that is to be sealed under the key of this owner."""

    __slots__ = ("owner_id", "value")

    def __init__(self, owner_id: UUID, value: Any) -> None:
        self.owner_id = owner_id
        self.value = value

    def __repr__(self) -> str:
        return "<owned JSON>"


class SealedJSON:
    """A value as its row keeps it: the id of the data key (16 bytes), and pressed JSON that was sealed under it."""

    __slots__ = ("_kept", "_place", "_words")

    def __init__(self, kept: bytes, place: bytes, words: Sequence[str]) -> None:
        self._kept = kept
        self._place = place
        self._words = words

    def opened(self, owner_id: UUID) -> Any:
        """The value. Raises Damaged for one of another owner, row or column, a changed one, or one whose key is
        gone."""
        try:
            key = key_with_id(owner_id, UUID(bytes=self._kept[:_ID_BYTES]))
            return unpress(sm4.unseal(key, self._kept[_ID_BYTES:], self._place), self._words)
        except (sm4.Forged, ValueError) as error:
            raise Damaged(_DAMAGED) from error

    def __repr__(self) -> str:
        return "<sealed JSON>"


class _SealedAttribute(DeferredAttribute):
    """Gives what the row keeps, unopened; what is to be written is an ``OwnedJSON``."""

    field: "SealedJSONField"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        found = super().__get__(instance, cls)
        if instance is None or found is None or isinstance(found, OwnedJSON):
            return found
        return SealedJSON(found, self.field.place_of(instance.pk), self.field.words)

    def __set__(self, instance: models.Model, value: "OwnedJSON | bytes | None") -> None:
        instance.__dict__[self.field.attname] = value


class SealedJSONField(models.Field):  # type: ignore[type-arg]  # subscripted by type checkers alone
    """JSON under one seal. Assign ``OwnedJSON(owner's id, value)``, read ``row.values.opened(owner's id)``.

    It can be neither searched nor written by ``update()``. Where it may be NULL, it is None until it is written.
    ``words``: that occur in its values (foundation.pressing); no part of a migration.
    """

    descriptor_class = _SealedAttribute
    # for type checkers: what is assigned, and what is read
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def __init__(self, *args: Any, words: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words

    @override
    def get_internal_type(self) -> str:
        return "BinaryField"

    def place_of(self, key: UUID) -> bytes:
        """What a value is bound to: ``workflow.FilledForm.values:<row's id>``."""
        return f"{self.model._meta.label}.{self.name}:{key}".encode()

    @override
    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        if not issubclass(self.model, SealedRow):
            found.append(checks.Error("Sealed fields stand in a SealedRow.", obj=self, id="sealing.E001"))
        return found

    @override
    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        """Sealed now; what the row has already stays as it is."""
        value: bytes | OwnedJSON | None = model_instance.__dict__[self.attname]
        if isinstance(value, OwnedJSON):
            key_id, key = current_key(value.owner_id)
            # what is encrypted cannot be pressed any more
            sealed = sm4.seal(key, press(value.value, self.words), self.place_of(model_instance.pk))
            value = _Sealed(key_id.bytes + sealed)
            model_instance.__dict__[self.attname] = value
        return value

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        """None: of a row that a join has not found, or that says nothing yet."""
        return None if value is None else _Sealed(value)

    @override
    def get_prep_value(self, value: Any) -> bytes | None:
        if value is None and self.null:
            return None
        if not isinstance(value, _Sealed):
            message = f"{self} is written by save() and create() alone"
            raise TypeError(message)
        return value

    @override
    def get_lookup(self, lookup_name: str) -> Any:
        message = f"{self} cannot be searched"
        raise FieldError(message)


class _Sealed(bytes):
    """What was sealed: only such goes into a statement."""

    __slots__ = ()
