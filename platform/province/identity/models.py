from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.rows import Direction, PublicRow


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser, PublicRow):
    """Somebody who can sign in, on the province's host and on every hall's."""

    direction: ClassVar[Direction] = Direction.DOWN

    username = models.CharField("账号", max_length=64, unique=True)
    name = models.CharField("姓名", max_length=40)
    is_active = models.BooleanField("启用", default=True)
    # counted up to end every session of the account
    session_round = models.PositiveIntegerField(default=0)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        return f"{super().get_session_auth_hash()}:{self.session_round}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for former in super().get_session_auth_fallback_hash():
            yield f"{former}:{self.session_round}"


class Role(models.TextChoices):
    PROVINCE_OPERATOR = "province_operator", "省级运营"
    HALL_EDITOR = "hall_editor", "服务厅编辑"


class Post(PublicRow):
    """One account in one role: over the whole province, or in one hall and what lies below its division code."""

    direction: ClassVar[Direction] = Direction.DOWN

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="posts")
    role = models.CharField("岗位", max_length=24, choices=Role)
    # an id and not a key: halls stand above identity, and import it
    hall_id = models.UUIDField(null=True)
    # "" is the province; otherwise the prefix of the hall's division code
    reach_prefix = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "role", "hall_id"], nulls_distinct=False, name="one_post_per_role_and_hall"
            ),
        )
        indexes = (models.Index(fields=["hall_id"], name="identity_post_hall"),)

    def __str__(self) -> str:
        return f"{self.account_id} {self.role}"


class ApiToken(PublicRow):
    """A program's key. Only its SHA-256 is kept; the key itself is shown once."""

    direction: ClassVar[Direction] = Direction.DOWN

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=32))
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class SignInTry(PublicRow):
    """Wrong passwords in a row for one name from one address. Unknown names are counted like known ones."""

    direction: ClassVar[Direction] = Direction.LOCAL

    username = models.CharField(max_length=64)
    address = models.CharField(max_length=45)
    failures = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["username", "address"], name="one_count_per_name_and_address"),)
        indexes = (models.Index(fields=["last_at"], name="identity_try_last"),)

    def __str__(self) -> str:
        return f"{self.username} {self.failures}"


@dataclass(frozen=True, slots=True)
class Grant:
    """One post's power: which permissions, in which hall (None: the province's desk), below which division prefix."""

    permissions: frozenset[str]
    hall_id: UUID | None
    reach_prefix: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts, as operations see them (``by=``)."""

    id: UUID | None
    name: str
    grants: tuple[Grant, ...]

    def narrowed(self, scopes: Iterable[str]) -> "Actor":
        """The same actor with only those permissions that a token's scopes name."""
        allowed = frozenset(scopes)
        grants = tuple(Grant(g.permissions & allowed, g.hall_id, g.reach_prefix) for g in self.grants)
        return Actor(self.id, self.name, grants)
