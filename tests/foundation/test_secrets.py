"""Secrets of the embedded parts: drawn once, completed for a newer program, never lost."""

import json
from functools import partial
from pathlib import Path

from foundation.crypto.keyring import read_index_key, read_keys
from foundation.embedded_services.secrets import load_secrets, make_secrets
from tests.races import at_once


class TestMakeSecrets:
    def test_draws_them_once(self, tmp_path: Path) -> None:
        assert load_secrets(tmp_path) is None
        drawn = make_secrets(tmp_path)
        assert make_secrets(tmp_path) == load_secrets(tmp_path) == drawn
        assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
        assert set(read_keys(drawn.personal_keys)) == {1}
        assert read_index_key(drawn.personal_index_key)

    def test_keeps_what_an_older_program_drew_and_adds_what_lacks(self, tmp_path: Path) -> None:
        old = {
            "secret_key": "s",
            "database_password": "d",
            "broker_password": "b",
            "s3_access_key": "a",
            "s3_secret_key": "k",
        }
        (tmp_path / "secrets.json").write_text(json.dumps(old), encoding="utf-8")
        before = load_secrets(tmp_path)
        assert before
        assert before.personal_keys == ""
        made = make_secrets(tmp_path)
        assert {name: getattr(made, name) for name in old} == old
        assert made.personal_keys
        assert load_secrets(tmp_path) == made

    def test_draws_the_same_for_two_at_once(self, tmp_path: Path) -> None:
        assert len(set(at_once(*[partial(make_secrets, tmp_path)] * 4))) == 1
