"""One village's backup among all the others, and its way back."""

import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from benchmarks.measuring import line, median_seconds, timed
from benchmarks.world import Profile, build
from foundation import schemas
from foundation.files.store import FileInStore, put_back
from province.halls.models import Hall, HallKind
from province.rights.queries import system_actor
from provisioning.backup import backup_hall
from provisioning.restore import restore_hall
from tenants.portal.models import Article, Column

_ARTICLES = 200
_FILES = 20


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    hall = Hall.objects.filter(kind=HallKind.VILLAGE, slug__regex=r"^[a-z]+$").order_by("number")[50]
    _fill(hall)
    actor = system_actor()
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "first.zip", Path(folder) / "second.zip"
        backing_up = median_seconds(lambda: backup_hall(by=actor, hall=hall, path=first), times=3)
        with timed() as restoring:
            restore_hall(by=actor, path=first)
        backup_hall(by=actor, hall=hall, path=second)
        is_equal = _contents(first) == _contents(second)
        size = first.stat().st_size
    return [
        line(
            "backup of one village",
            measured=round(backing_up, 3),
            bound="<= 2 s",
            holds=backing_up <= 2,
            halls_present=Hall.objects.count(),
            articles=_ARTICLES,
            files=_FILES,
            archive_bytes=size,
        ),
        line(
            "restore of the same village, with equal checksums",
            measured=round(restoring.seconds, 3),
            bound="<= 5 s",
            holds=restoring.seconds <= 5 and is_equal,
            is_equal=is_equal,
        ),
    ]


def _fill(hall: Hall) -> None:
    with schemas.enter(hall.schema_name):
        column = Column.objects.get(code="news")
        Article.objects.bulk_create(
            Article(column=column, title=f"村务公开第 {number} 期", body="<p>本期公开村级财务。</p>" * 40)
            for number in range(_ARTICLES)
        )
    for number in range(_FILES):
        put_back(FileInStore(f"{hall.folder}/{number}.bin", "application/octet-stream", b"x" * 100_000))


def _contents(path: Path) -> dict[str, object]:
    """Checksums of tables and files; the registry's generation and the audit differ by being restored."""
    with zipfile.ZipFile(path) as archive:
        parts: dict[str, object] = json.loads(archive.read("manifest.json"))["parts"]
        return {name: facts for name, facts in parts.items() if name != "registry.json"}
