"""34 tables in 17 pairs, each pair with two keys inside, a unique pair, a check and three indexes."""

from django.db import models

from foundation.rows import HallRow


class Case(HallRow):
    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=12, default="draft")
    facts = models.JSONField(default=dict)
    due_at = models.DateTimeField(null=True)
    upper = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Entry(HallRow):
    position = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.position)


def _pair(number: int) -> None:
    case = f"Room{number:02d}Case"
    globals()[case] = type(
        case,
        (Case,),
        {
            "__module__": __name__,
            "Meta": type("Meta", (), {"indexes": [models.Index(fields=["state", "due_at"], name=f"room{number}_due")]}),
        },
    )
    entry = f"Room{number:02d}Entry"
    unique = models.UniqueConstraint(fields=["case", "position"], name=f"room{number}_position")
    positive = models.CheckConstraint(condition=models.Q(position__gte=1), name=f"room{number}_positive")
    globals()[entry] = type(
        entry,
        (Entry,),
        {
            "__module__": __name__,
            "case": models.ForeignKey(f"rooms.{case}", on_delete=models.CASCADE, related_name="entries"),
            "Meta": type("Meta", (), {"constraints": [unique, positive]}),
        },
    )


for _number in range(17):
    _pair(_number)
