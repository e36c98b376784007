"""The copy of the object store that every minute brings up to date."""

import hashlib
import json
import tracemalloc
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test.utils import override_settings

from foundation.backups.copies import CopiedFile, CopyFigures, StoreCopy
from foundation.files.store import FileInStore, make_bucket, put_as_owner

_AT = datetime(2026, 12, 1, 8, tzinfo=UTC)
# of each file that was copied before, while a pass asks what is new
_BYTES = 250


class TestStoreCopy:
    @pytest.fixture(autouse=True)
    def _bucket(self, object_store: None) -> None:
        """One of this test's own."""

    def test_has_what_lies_there_last_though_it_lay_there_before(self, tmp_path: Path) -> None:
        copy = StoreCopy(tmp_path)
        with override_settings(S3_BUCKET="yizhan-store-copy"):
            make_bucket()
            told = []
            for minute, content in enumerate((b"first", b"second", b"first", b"first")):
                put_as_owner(FileInStore("desks/a.pdf", "application/pdf", content))
                told.append(copy.copy_all(_AT + timedelta(minutes=minute)))
        assert told == [CopyFigures(1, 1), CopyFigures(1, 1), CopyFigures(1, 1), CopyFigures(1, 0)]
        newest = [copy.copied(until=_AT + timedelta(minutes=minute))["desks/a.pdf"].sha256 for minute in range(4)]
        digests = [hashlib.sha256(content).hexdigest() for content in (b"first", b"second", b"first", b"first")]
        assert newest == digests
        assert copy.damaged() == []

    def test_asks_what_is_new_with_little_memory(self, tmp_path: Path) -> None:
        """A province has millions of files, and a machine 24 GB for everything."""
        files = 5_000
        with (tmp_path / "index.jsonl").open("w", encoding="utf-8") as index:
            for number in range(files):
                digest = hashlib.sha256(str(number).encode()).hexdigest()
                one = CopiedFile(f"desks/{digest}.pdf", digest[:32], 1, "application/pdf", digest, _AT.isoformat())
                index.write(f"{json.dumps(asdict(one))}\n")
        with override_settings(S3_BUCKET="yizhan-store-copy-empty"):
            make_bucket()
            tracemalloc.start()
            try:
                assert StoreCopy(tmp_path).copy_all(_AT) == CopyFigures(files, 0)
                _, most = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
        assert most <= files * _BYTES + 300_000
