from django.db import models


class StoredFile(models.Model):
    """Where a file lies and what it was found to be (never what its sender said it was)."""

    key = models.CharField(max_length=200)
    name = models.CharField("文件名", max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    # images only
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    alt = models.CharField("替代文字", max_length=200, blank=True)
    # width -> key of the smaller copy
    renditions = models.JSONField(default=dict)

    class Meta:
        abstract = True
        # not of the field: that would make an index for LIKE besides, in every hall
        constraints = (models.UniqueConstraint(fields=["key"], name="one_%(app_label)s_file_per_key"),)

    def __str__(self) -> str:
        return self.name
