"""Whatever puts a file into the store tells the backup of it (decision 105): there is one function that puts."""

from tests.architecture.sources import ROOT

_PUTS = ".put_object("
_KNOWN = {
    # ``_put``, which tells, and ``put_as_owner``, for what comes out of a backup
    "platform/foundation/files/store.py": 2,
    # the audit's bucket, which no backup has (decision 42)
    "platform/foundation/files/locked.py": 2,
}


def test_files_are_put_by_who_tells_of_them() -> None:
    found = {}
    for folder in ("platform", "tenants", "provisioning", "config"):
        for path in (ROOT / folder).rglob("*.py"):
            if count := path.read_text(encoding="utf-8").count(_PUTS):
                found[str(path.relative_to(ROOT))] = count
    assert found == _KNOWN
