"""The fields of a piece of writing, wherever it stands."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

TITLE_LENGTH = 80  # characters; lists show 26 of them, a home page's lead 40
SUMMARY_LENGTH = 200


class ArticleText(models.Model):
    """Title, body and what editors write around them. ``body`` is HTML cleaned by ``foundation.html``."""

    title = models.CharField("标题", max_length=TITLE_LENGTH)
    subtitle = models.CharField("副标题", max_length=TITLE_LENGTH, blank=True)
    source = models.CharField("来源", max_length=80, blank=True)
    author = models.CharField("作者", max_length=40, blank=True)
    summary = models.CharField("摘要", max_length=SUMMARY_LENGTH, blank=True)
    body = models.TextField("正文", blank=True)
    keywords = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    class Meta:
        abstract = True
