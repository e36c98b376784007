"""What apps contribute to notices."""

from dataclasses import dataclass

from foundation.contributions import Slot


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """Something of which people are told. ``name``: ``catalogue.to_review``, kept in rows; ``label``: in Chinese;
    ``is_on``: unless a person says otherwise, which they can where it ``can_be_switched_off``."""

    name: str
    label: str
    is_on: bool = True
    can_be_switched_off: bool = True


NOTICE_KINDS = Slot[NoticeKind]("messaging.kinds", keys=lambda kind: [("name", kind.name), ("label", kind.label)])


@dataclass(frozen=True, slots=True)
class ReviewKinds:
    """The kinds of what is written, submitted and decided on. ``thing``: what it is called (事项, 稿件);
    ``passing_publishes``: readers see it when the last review is passed, so that nobody is told of that alone."""

    thing: str
    passing_publishes: bool
    to_review: NoticeKind
    returned: NoticeKind
    passed: NoticeKind
    published: NoticeKind
    late: NoticeKind

    @classmethod
    def of(cls, app: str, thing: str, *, published: str, passing_publishes: bool = False) -> "ReviewKinds":
        """``published``: how it reaches readers (公布, 推送, 发布)."""
        return cls(
            thing,
            passing_publishes,
            NoticeKind(f"{app}.to_review", f"{thing}待我审核", can_be_switched_off=False),
            # work comes back with it
            NoticeKind(f"{app}.returned", f"我的{thing}被退回", can_be_switched_off=False),
            NoticeKind(f"{app}.passed", f"我的{thing}审核通过"),
            NoticeKind(f"{app}.published", f"我的{thing}已{published}"),
            NoticeKind(f"{app}.late", f"{thing}审核超时"),
        )

    @property
    def all(self) -> tuple[NoticeKind, ...]:
        passed = () if self.passing_publishes else (self.passed,)
        return (self.to_review, self.returned, *passed, self.published, self.late)
