from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page, Site


class Article(Page):
    """An article of one site, as a Wagtail project would have it."""

    body = RichTextField()


class Placement(models.Model):
    """The join table that somebody could make by hand beside Wagtail: this article stands on that site."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE)
    site = models.ForeignKey(Site, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return f"{self.article_id} {self.site_id}"
