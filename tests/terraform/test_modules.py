"""Terraform's modules: what they say of themselves, that no secret comes out of them, and, where Terraform and a
cloud's provider are on the machine, that they are valid and refuse what they must."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cluster import CLUSTER
from tests.helm.rendering import render, values_of
from tests.servers import ROOT
from tests.terraform.tables import EXAMPLES, MODULES, PROVIDERS, TERRAFORM, breaches, contract, drawing, named, parsed

# where a machine keeps providers that its registry does not bring
_PLUGINS = Path(os.environ.get("YIZHAN_TF_PLUGINS", "/opt/tf-plugins"))
_ENVIRONMENT = {"CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": "/dev/null", "TF_IN_AUTOMATION": "1"}
_NAMES = {"network", "kubernetes", "database", "object-store", "dns", "certificates", "release"}
_HELD = re.compile(r"password|secret_(?:key|access)|private_key|access_key|token\b|kubeconfig")


@pytest.fixture(params=[*MODULES, *EXAMPLES], ids=lambda path: str(path.relative_to(TERRAFORM)))
def folder(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


class TestModule:
    def test_is_there_for_each_thing_that_a_province_needs(self) -> None:
        assert {"aws", "huaweicloud"} <= set(PROVIDERS)
        for example in EXAMPLES:
            own = {f"modules/{example.name}/{one}" for one in _NAMES - {"release"}} | {"modules/release"}
            used = {one["source"].strip('"').removeprefix("../../") for one in named(example, "module").values()}
            assert used == own
        assert {str(one.relative_to(TERRAFORM)) for one in MODULES} == {
            "modules/release",
            *(f"modules/{provider}/{one}" for provider in PROVIDERS for one in _NAMES - {"release"}),
        }

    def test_takes_and_gives_the_same_whatever_the_cloud(self) -> None:
        """The table of terraform/README.md, by which a further cloud is added."""
        assert contract().keys() == (_NAMES - {"release"}) | {"example"}
        assert all(takes and gives for takes, gives in contract().values())
        assert [f"{provider}: {one}" for provider in PROVIDERS for one in breaches(provider)] == []

    def test_of_a_cloud_that_nobody_wrote_is_missed(self) -> None:
        assert len(breaches("nobodys")) == len(contract())

    def test_has_tables_that_say_what_it_takes_and_gives(self, folder: Path) -> None:
        """``python -m tests.terraform.tables`` draws them anew."""
        assert (folder / "README.md").read_text(encoding="utf-8") == drawing(folder)
        for kind in ("variable", "output"):
            assert all(body["description"].strip('"') for body in named(folder, kind).values())

    def test_gives_no_secret(self, folder: Path) -> None:
        """Outputs stand in the state, which many read."""
        for name, body in named(folder, "output").items():
            assert not _HELD.search(f"{name} {body['value']}"), name

    def test_leaves_no_secret_in_the_state(self, folder: Path) -> None:
        kinds = {kind.strip('"') for one in parsed(folder).get("resource", []) for kind in one}
        made = {"aws_iam_access_key", "huaweicloud_identity_access_key", "huaweicloud_kps_keypair"}
        assert not {*made, "random_password", "tls_private_key", "kubernetes_secret"} & kinds
        text = (folder / "main.tf").read_text(encoding="utf-8")
        assert not re.search(r"^\s*(?:master_)?password\s*=", text, re.MULTILINE)

    def test_refuses_something(self, folder: Path) -> None:
        tests = "".join(one.read_text(encoding="utf-8") for one in folder.glob("*.tftest.hcl"))
        refused = set(re.findall(r"expect_failures\s*=\s*\[var\.(\w+)\]", tests))
        checked = {name for name, body in named(folder, "variable").items() if "validation" in body}
        assert refused == checked

    def test_is_named_on_the_page(self) -> None:
        page = (TERRAFORM / "README.md").read_text(encoding="utf-8")
        assert [one for one in (*MODULES, *EXAMPLES) if f"{one.relative_to(TERRAFORM)}/README.md" not in page] == []


class TestRelease:
    def test_asks_the_chart_for_what_it_takes(self) -> None:
        """The values that the module writes are such that the chart's schema lets them through."""
        module = TERRAFORM / "modules" / "release"
        examples: list[dict[str, Any]] = [named(one, "module")["release"] for one in EXAMPLES]
        settings = {str(name).strip('"'): "0" for one in examples for name in one["settings"]}
        known = {"BASE_DOMAIN": "a.gov.cn", "PROVINCE_CODE": "42", "S3_ENDPOINT": "https://s3.cn", "S3_BUCKET": "files"}
        known |= {"PROXY_ADDRESSES": "10.0.0.0/8", "MONITOR_ADDRESSES": "10.0.0.0/8", "AUDIT_BUCKET": "audit"}
        values = values_of("small") | {"settings": settings | {k: v for k, v in known.items() if k in settings}}
        [found] = render(values)
        assert found.error == ""
        # a secret that the chart knows is one that the module refuses
        text = (module / "main.tf").read_text(encoding="utf-8")
        assert {"SECRET_KEY", "DATABASE_OWNER_URL", "PERSONAL_KEYS"} <= set(re.findall(r'"([A-Z][A-Z0-9_]+)"', text))


def _providers(folder: Path) -> list[dict[str, Any]]:
    """What ``required_providers`` says of each."""
    [block] = parsed(folder)["terraform"]
    return [one for asked in block.get("required_providers", []) for one in asked.values() if isinstance(one, dict)]


def _terraform(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["terraform", *words],
        cwd=folder,
        env=os.environ | _ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )


needs_terraform = pytest.mark.skipif(not shutil.which("terraform"), reason="TERRAFORM IS NOT HERE: nothing was tried")


@needs_terraform
def test_modules_are_written_as_terraform_writes_them() -> None:
    done = _terraform("fmt", "-recursive", "-check", "-diff", folder=TERRAFORM)
    assert done.returncode == 0, done.stdout


@needs_terraform
@pytest.mark.cluster
@CLUSTER
class TestTerraform:
    def test_finds_it_valid_and_its_refusals_right(self, folder: Path, tmp_path: Path) -> None:
        """With the provider's own schemas; the cloud's answers are made up."""
        copied = tmp_path / "terraform"
        shutil.copytree(TERRAFORM, copied, ignore=shutil.ignore_patterns(".terraform*"))
        (tmp_path / "helm").symlink_to(ROOT / "helm")
        here = copied / folder.relative_to(TERRAFORM)
        asked = [one["source"].strip('"') for one in _providers(folder)]
        needs_provider = folder.name != "release"
        assert len(asked) == needs_provider
        if lacking := [one for one in asked if not [*_PLUGINS.glob(f"*/{one}")]]:
            pytest.skip(f"{lacking[0].upper()} IS NOT HERE: the module was not tried")
        begun = _terraform("init", "-no-color", *([f"-plugin-dir={_PLUGINS}"] if needs_provider else []), folder=here)
        assert begun.returncode == 0, begun.stderr
        for words in (("validate",), ("test",)):
            done = _terraform(*words, "-no-color", folder=here)
            assert done.returncode == 0, f"{done.stdout}{done.stderr}"
        if needs_provider:
            self._sees_a_misspelt_argument(here)

    def _sees_a_misspelt_argument(self, here: Path) -> None:
        text = (here / "main.tf").read_text(encoding="utf-8")
        if "resource " not in text:
            return
        (here / "main.tf").write_text(re.sub(r"(resource [^{]*\{\n)", r"\1  misspelt = true\n", text, count=1))
        done = _terraform("validate", "-no-color", folder=here)
        assert done.returncode == 1
        assert "misspelt" in done.stdout + done.stderr
