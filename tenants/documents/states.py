from django.db import models


class VersionOrigin(models.TextChoices):
    """Whose template a version is."""

    BUILT_IN = "built_in", "平台自带"
    OWN = "own", "本厅上传"
    PROVINCE = "province", "省级"
