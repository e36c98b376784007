from django.db import models

from foundation.rows import HallRow


class Note(HallRow):
    text = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.text
