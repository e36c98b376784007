"""The operator's guide."""

import re

from config import environment
from tests.servers import ROOT

GUIDE = (ROOT / "docs" / "guides" / "operator.md").read_text(encoding="utf-8")


class TestTableOfVariables:
    def test_has_every_variable_that_is_read(self) -> None:

        assert {name for name in environment.known if f"`{name}`" not in GUIDE} == set()

    def test_names_none_that_is_not_read(self) -> None:
        table = GUIDE.partition("## Environment variables")[2]
        named = {name for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", table) if not name.endswith("_FILE")}
        # the owner's, read where YIZHAN_AS_OWNER says so
        assert named <= environment.known | {"DATABASE_OWNER_URL", "DATABASE_BACKUP_URL"}


class TestRunbooks:
    def test_are_there_when_they_are_named(self) -> None:
        for path in re.findall(r"\(\.\./runbooks/([a-z]+\.md)\)", GUIDE):
            assert (ROOT / "docs" / "runbooks" / path).exists()
