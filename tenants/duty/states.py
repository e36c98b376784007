"""On which days a shift is kept, and as what somebody is on duty."""

from django.db import models


class DutyDays(models.TextChoices):
    EVERY = "every", "每天"
    WORK = "work", "工作日"
    REST = "rest", "休息日和节假日"


class DutyPart(models.TextChoices):
    LEADER = "leader", "带班领导"
    PERSON = "person", "值班员"
