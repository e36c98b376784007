"""An archive of a hall that was damaged on its way, wherever the damage is."""

import hashlib
import json
import zipfile
from pathlib import Path

from foundation.errors import Invalid
from provisioning.archives import FORMAT, reading, signature_of
from tests.strays import Strays

_PARTS = {"rows/article.csv": "序号,标题\n1,村务公开\n".encode() * 20, "files/1": bytes(range(256)), "files/文件": b"x"}


def _write(path: Path) -> None:
    manifest = {
        "format": FORMAT,
        "kind": "county",
        "migrations": [],
        "tables": {},
        "files": {},
        "parts": {
            name: {"sha256": hashlib.sha256(part).hexdigest(), "size": len(part)} for name, part in _PARTS.items()
        },
    }
    written = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in _PARTS.items():
            archive.writestr(name, part)
        archive.writestr("manifest.json", written)
        archive.writestr("manifest.hmac-sm3", signature_of(written))


class TestDamagedArchive:
    def test_is_refused_or_gives_every_part_as_it_was(self, tmp_path: Path) -> None:
        path = tmp_path / "hall.zip"
        _write(path)
        sound = path.read_bytes()
        refused = 0
        with Strays() as strays:
            for length in (1, 40):
                for at in range(len(sound)):
                    damaged = bytearray(sound)
                    damaged[at : at + length] = bytes(255 - one for one in sound[at : at + length])
                    path.write_bytes(damaged)
                    with strays.of(f"{length} bytes at {at}"):
                        try:
                            with reading(path) as (archive, _):
                                assert {name: archive.read(name) for name in _PARTS} == _PARTS
                        except Invalid:
                            refused += 1
        assert refused > len(sound)
