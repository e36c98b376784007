"""Columns of personal data: encrypted, bound to their row, masked wherever nobody asks for the plain text by name."""

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from typing import Any, override
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from foundation.crypto import sm4
from foundation.crypto.keyring import key_of_version, keyed_hash, keyring
from foundation.crypto.versions import INDEX_VERSION, note_key
from foundation.errors import Damaged
from foundation.rows import PublicRow, Uuid7, draw_id

type Mask = Callable[[str], str]

# of a mark: with a million of them, one search in ten million million finds a row that is another's
_MARK_BYTES = 8


class PersonalRow(PublicRow):
    """A public row with encrypted columns. It draws its key itself."""

    id = models.UUIDField(primary_key=True, default=draw_id, db_default=Uuid7(), editable=False)

    class Meta:
        abstract = True

    @override
    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """A value and its blind index are written together, also where only the value is named."""
        if update_fields is not None:
            named = set(update_fields)
            fields = self._meta.concrete_fields
            update_fields = named | {
                one.name
                for one in fields
                if getattr(one, "source", None) in named or not named.isdisjoint(getattr(one, "sources", ()))
            }
        super().save(*args, update_fields=update_fields, **kwargs)


class Sealed(str):
    """A value as the column keeps it: ``<key version>:<base64>``."""

    __slots__ = ()

    @property
    def version(self) -> int:
        """Raises Damaged."""
        head = self.partition(":")[0]
        if not head.isdigit():
            raise Damaged(_DAMAGED)
        return int(head)

    @classmethod
    def of(cls, plain: str, place: bytes) -> "Sealed":
        return cls.all_of([(plain, place)])[0]

    @classmethod
    def all_of(cls, values: Iterable[tuple[str, bytes]]) -> "list[Sealed]":
        """Many values with their places: that the key is in use is noted once for all of them."""
        ring = keyring()
        key = ring.keys[ring.current]
        note_key(ring.current, key)
        sealed = (sm4.seal(key, plain.encode(), place) for plain, place in values)
        return [cls(f"{ring.current}:{base64.b64encode(one).decode()}") for one in sealed]

    def opened(self, place: bytes) -> str:
        """Raises Damaged for a value of another row or column, a changed one, or one whose key is not there."""
        key = key_of_version(self.version)
        if key is None:
            message = f"缺少第 {self.version} 版个人信息密钥，这项资料暂时读不出来。请联系管理员。"
            raise Damaged(message)
        try:
            return sm4.unseal(key, base64.b64decode(self.partition(":")[2], validate=True), place).decode()
        except (sm4.Forged, binascii.Error, UnicodeDecodeError) as error:
            raise Damaged(_DAMAGED) from error


_DAMAGED = "这项个人信息与写入时不一致，可能被改动或移动过，不能使用。请联系管理员。"


class Personal:
    """One personal value of one row. Whatever shows it shows the mask; ``plain`` is the text itself."""

    __slots__ = ("_mask", "_place", "_raw")
    # values are compared by who may know them, through ``plain``
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, raw: str, place: bytes, mask: Mask) -> None:
        self._raw = raw
        self._place = place
        self._mask = mask

    @property
    def plain(self) -> str:
        """Raises Damaged."""
        return self._raw.opened(self._place) if isinstance(self._raw, Sealed) else self._raw

    @property
    def masked(self) -> str:
        return self._mask(self.plain) if self._raw else ""

    def raw_at(self, place: bytes) -> str:
        """As the row at this place may keep it: sealed if it was sealed there, plain otherwise."""
        return self._raw if place == self._place else self.plain

    def __bool__(self) -> bool:
        return bool(self._raw)

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return "<personal>"


class _PersonalAttribute(DeferredAttribute):
    """Gives and takes the value on instances; opens nothing by itself."""

    field: "EncryptedTextField"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        found = super().__get__(instance, cls)
        return found if instance is None else Personal(found, self.field.place_of(instance.pk), self.field.mask)

    def __set__(self, instance: models.Model, value: "str | Personal | None") -> None:
        raw = value.raw_at(self.field.place_of(instance.pk)) if isinstance(value, Personal) else value
        instance.__dict__[self.field.attname] = raw or ""


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # subscripted by type checkers alone
    """Text under SM4-GCM, bound to model, field and row. On instances it is a ``Personal``; "" stays "".

    It can be neither searched nor written by ``update()``: plain text would stand in the statement.
    """

    descriptor_class = _PersonalAttribute

    def __init__(self, *args: Any, mask: Mask = lambda _: "****", **kwargs: Any) -> None:
        self.mask = mask
        options: dict[str, Any] = {"blank": True, "default": ""} | kwargs
        super().__init__(*args, **options)

    def place_of(self, key: UUID) -> bytes:
        """What a value is bound to: ``citizens.Citizen.phone:<row's id>``."""
        return f"{self.model._meta.label}.{self.name}:{key}".encode()

    @override
    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        if not issubclass(self.model, PersonalRow):
            found.append(checks.Error("Encrypted fields stand in a PersonalRow.", obj=self, id="crypto.E001"))
        return found

    def from_db_value(self, value: str | None, *_: Any) -> str:
        return Sealed(value) if value else ""

    @override
    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Sealed under the present key; what is sealed under it already stays as it is."""
        value: str = model_instance.__dict__[self.attname]
        place = self.place_of(model_instance.pk)
        if isinstance(value, Sealed) and value.version != keyring().current:
            value = value.opened(place)
        if value and not isinstance(value, Sealed):
            value = Sealed.of(value, place)
        model_instance.__dict__[self.attname] = value
        return value

    @override
    def get_prep_value(self, value: Any) -> str:
        if value and not isinstance(value, Sealed):
            message = f"{self} is written by save() and create() alone"
            raise TypeError(message)
        return value or ""

    @override
    def get_lookup(self, lookup_name: str) -> Any:
        message = f"{self} cannot be searched: ask its blind index"
        raise FieldError(message)

    @override
    def value_to_string(self, obj: Any) -> str:
        return str(self.value_from_object(obj))


class BlindIndexField(models.CharField):  # type: ignore[type-arg]  # as above
    """HMAC-SM3 of another field's plain text: ``filter(phone_index__of="13812345678")`` finds the row.

    Without a value it is NULL, so that a unique one may be empty many times. ``normalise`` makes equal what people
    write differently; it is given what is kept and what is searched for alike.
    """

    def __init__(self, *args: Any, source: str, normalise: Callable[[str], str] = str.strip, **kwargs: Any) -> None:
        self.source = source
        self.normalise = normalise
        options: dict[str, Any] = {"max_length": 64, "null": True, "editable": False} | kwargs
        super().__init__(*args, **options)

    def hash_of(self, plain: str) -> str | None:
        return self.hashes_of([plain])[0]

    def hashes_of(self, plains: Iterable[str]) -> list[str | None]:
        """Of many values: that the key is in use is noted once for all of them."""
        texts = [self.normalise(plain) for plain in plains]
        key = keyring().index_key
        if any(texts):
            note_key(INDEX_VERSION, key)
        begin = f"{self.model._meta.label}.{self.source}\0"
        return [keyed_hash(key, f"{begin}{text}".encode()) if text else None for text in texts]

    @override
    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:
        value = self.hash_of(getattr(model_instance, self.source).plain)
        setattr(model_instance, self.attname, value)
        return value

    @override
    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"source": self.source}


@BlindIndexField.register_lookup
class _Of(models.Lookup):
    """Equality with the hash of a plain value; the value itself never comes near the statement."""

    lookup_name = "of"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: str) -> None:
        super().__init__(lhs, lhs.output_field.hash_of(rhs) or "")

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, column_parameters = self.process_lhs(compiler, connection)
        return f"{column} = %s", (*column_parameters, self.rhs)


class BlindMarksField(ArrayField):  # type: ignore[type-arg]  # as above
    """Everything that a row is found by, each as the first 8 bytes of an HMAC-SM3, under one index:
    ``filter(marks__of="name\0张三")`` finds the rows with that mark.

    ``texts``: the property of the row that says its marks in plain text, already in the form in which they are
    searched for. ``sources``: the columns that it reads. NULL: nobody has worked them out yet.
    """

    def __init__(self, *args: Any, texts: str, sources: Sequence[str], **kwargs: Any) -> None:
        self.texts = texts
        self.sources = tuple(sources)
        options: dict[str, Any] = {"base_field": models.BigIntegerField(), "null": True, "editable": False} | kwargs
        super().__init__(*args, **options)

    def marks_of(self, texts: Iterable[str]) -> list[int]:
        key = keyring().index_key
        if found := sorted(set(texts)):
            note_key(INDEX_VERSION, key)
        begin = f"{self.model._meta.label}.{self.name}\0"
        digests = (keyed_hash(key, f"{begin}{text}".encode()) for text in found)
        return [int.from_bytes(bytes.fromhex(one)[:_MARK_BYTES], signed=True) for one in digests]

    @override
    def pre_save(self, model_instance: models.Model, add: bool) -> list[int]:
        value = self.marks_of(getattr(model_instance, self.texts))
        setattr(model_instance, self.attname, value)
        return value

    @override
    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["base_field"]
        return name, path, args, kwargs | {"texts": self.texts, "sources": list(self.sources)}


@BlindMarksField.register_lookup
class _WithMark(models.Lookup):
    """The row has the mark of a plain text; the text itself never comes near the statement."""

    lookup_name = "of"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: str) -> None:
        super().__init__(lhs, lhs.output_field.marks_of([rhs]))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, column_parameters = self.process_lhs(compiler, connection)
        return f"{column} @> %s::bigint[]", (*column_parameters, self.rhs)
