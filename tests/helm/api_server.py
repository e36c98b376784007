"""A real control plane of Kubernetes on loopback, as ordinary processes: etcd, API server, controllers, scheduler, with
nodes that only pretend (kwok). Everything is built from Go modules, once.

What is real: schemas, defaults, validation, admission (Pod Security, too), controllers, hooks of Helm. What is not:
containers. A pod is ready at once, but for images that end in ``:unready``; a Job's ends well, but for ``:broken``.
"""

import json
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.servers import free_port, wait_until
from tests.timing import spent

KUBERNETES, ETCD, KWOK, HELM = "v1.36.3", "v3.6.16", "v0.8.0", "v4.3.1"
BINARIES = Path(os.environ.get("YIZHAN_CLUSTER_BIN", "/var/tmp/yizhan-cluster"))  # noqa: S108 - root's own folder
_COMMANDS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
_GO = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "-buildvcs=false"}
# how nodes and pods come on, as kwok ships it; its program has none of it
_STAGES = (
    *("node/fast/node-initialize", "node/heartbeat-with-lease/node-heartbeat-with-lease"),
    *("pod/fast/pod-ready", "pod/fast/pod-complete", "pod/fast/pod-delete"),
    *("volume/fast/pvc-provision", "volume/fast/pv-bind", "volume/fast/pvc-delete", "volume/fast/pv-delete"),
)
# tags of images that fail
UNREADY, BROKEN = "unready", "broken"
_IMAGE = "registry.example.gov.cn/yizhan/yizhan:"


def missing() -> str:
    """Why there can be no cluster here; "" where there can."""
    made = [BINARIES / one for one in (*_COMMANDS, "etcd", "kwok", "helm", "stages")]
    is_there = shutil.which("go") or all(one.exists() for one in made)
    return "" if is_there else "GO IS NOT HERE to build Kubernetes with"


def _go(*words: str, folder: Path | None = None, **variables: str) -> str:
    """At the lowest priority: it takes a quarter of an hour of two processors."""
    return subprocess.run(
        ["nice", "-n", "19", "go", *words],
        cwd=folder,
        env=os.environ | _GO | variables,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def build() -> None:
    """Make what is missing among the programs."""
    BINARIES.mkdir(parents=True, exist_ok=True)
    install = ("install", "-trimpath", "-ldflags=-s -w")
    if not (BINARIES / "helm").exists():
        _go(*install, f"helm.sh/helm/v4/cmd/helm@{HELM}", GOBIN=str(BINARIES))
    if not (BINARIES / "etcd").exists():
        _build_in_module(
            "etcd",
            f"go 1.25.0\nrequire go.etcd.io/etcd/server/v3 {ETCD}",
            ["go.etcd.io/etcd/server/v3"],
            "-s -w",
            "etcd",
        )
    if not all((BINARIES / one).exists() for one in _COMMANDS):
        _build_kubernetes()
    if not (BINARIES / "kwok").exists():
        _go(*install, f"sigs.k8s.io/kwok/cmd/kwok@{KWOK}", GOBIN=str(BINARIES))
    if not (BINARIES / "stages").exists():
        _copy_stages()


def _copy_stages() -> None:
    found = json.loads(_go("mod", "download", "-json", f"sigs.k8s.io/kwok@{KWOK}"))
    draft = BINARIES / "stages.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    for one in _STAGES:
        shutil.copy(Path(found["Dir"]) / "kustomize" / "stage" / f"{one}.yaml", draft)
    draft.rename(BINARIES / "stages")


def _build_in_module(name: str, requires: str, packages: list[str], flags: str, target: str) -> None:
    """``go install`` refuses modules that replace others: so a module of our own requires them."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "go.mod").write_text(f"module example.invalid/{name}\n{requires}\n")
        imports = "\n".join(f'import _ "{one}"' for one in packages)
        (folder / "tools.go").write_text(f"//go:build tools\npackage tools\n{imports}\n")
        _go("mod", "tidy", folder=folder)
        _go("build", "-trimpath", f"-ldflags={flags}", "-o", str(BINARIES / target), *packages, folder=folder)


def _build_kubernetes() -> None:
    found = json.loads(_go("mod", "download", "-json", f"k8s.io/kubernetes@{KUBERNETES}"))
    lines = Path(found["GoMod"]).read_text().splitlines()
    language = next(line for line in lines if line.startswith("go "))
    staged = [line.split()[0] for line in lines if "=> ./staging" in line]
    own = KUBERNETES.replace("v1.", "v0.", 1)
    replaced = "\n".join(f"\t{one} => {one} {own}" for one in staged)
    minor = KUBERNETES.split(".")[1]
    version = "k8s.io/component-base/version"
    # without these it calls itself v0.0.0, and the chart asks for a version
    flags = f"-s -w -X {version}.gitVersion={KUBERNETES} -X {version}.gitMajor=1 -X {version}.gitMinor={minor}"
    _build_in_module(
        "kubernetes",
        f"{language}\nrequire k8s.io/kubernetes {KUBERNETES}\nreplace (\n{replaced}\n)",
        [f"k8s.io/kubernetes/cmd/{one}" for one in _COMMANDS],
        f"{flags} -X {version}.gitTreeState=clean",
        "",
    )


def _stages() -> str:
    """How pods come on: kwok's own stages, and ours for images that fail."""
    found = {one.stem: yaml.safe_load(one.read_text()) for one in sorted((BINARIES / "stages").iterdir())}
    image = ".spec.containers.[].image"
    failed = yaml.safe_load(yaml.safe_dump(found["pod-complete"]))
    failed["metadata"]["name"] = "pod-fail"
    failed["spec"]["selector"]["matchExpressions"].append({"key": image, "operator": "In", "values": [_IMAGE + BROKEN]})
    template = failed["spec"]["next"]["statusTemplate"]
    failed["spec"]["next"]["statusTemplate"] = template.replace("exitCode: 0", "exitCode: 1").replace(
        "phase: Succeeded", "phase: Failed"
    )
    for name, values in (("pod-complete", [_IMAGE + BROKEN]), ("pod-ready", [_IMAGE + UNREADY])):
        found[name]["spec"]["selector"]["matchExpressions"].append(
            {"key": image, "operator": "NotIn", "values": values}
        )
    # its Job is well: the image is bad for pods that serve alone
    ready_for_jobs = yaml.safe_load(yaml.safe_dump(found["pod-ready"]))
    ready_for_jobs["metadata"]["name"] = "pod-ready-of-job"
    expressions = ready_for_jobs["spec"]["selector"]["matchExpressions"]
    expressions[-1] = {"key": image, "operator": "In", "values": [_IMAGE + UNREADY]}
    expressions.append({"key": ".metadata.ownerReferences.[].kind", "operator": "In", "values": ["Job"]})
    return yaml.safe_dump_all([*found.values(), failed, ready_for_jobs])


@dataclass
class Cluster:
    folder: Path
    port: int
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def kubeconfig(self) -> Path:
        return self.folder / "kubeconfig"

    def kubectl(self, *words: str, given: str | None = None, code: int | None = 0) -> str:
        """stdout and stderr. ``code``: None where any will do."""
        return self._run("kubectl", *words, given=given, code=code)

    def helm(self, *words: str, code: int | None = 0) -> str:
        return self._run("helm", *words, given=None, code=code)

    def get(self, *words: str) -> Any:
        done = self._process("kubectl", *words, "-o", "json", given=None)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def _process(self, program: str, *words: str, given: str | None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(BINARIES / program), "--kubeconfig", str(self.kubeconfig), *words],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"HELM_CACHE_HOME": str(self.folder), "HELM_CONFIG_HOME": str(self.folder)},
        )

    def _run(self, program: str, *words: str, given: str | None, code: int | None) -> str:
        done = self._process(program, *words, given=given)
        assert code is None or done.returncode == code, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def start(self, name: str, *words: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes.append(
                subprocess.Popen([str(BINARIES / name), *words], stdout=log, stderr=subprocess.STDOUT, cwd=self.folder)
            )

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.kill()
        for process in self.processes:
            process.wait()


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Up, with two nodes in two zones; gone afterwards."""
    build()
    with tempfile.TemporaryDirectory(prefix="yizhan-cluster-") as folder:
        found = Cluster(Path(folder), free_port(width=6))
        try:
            with spent("cluster"):
                _start(found)
            yield found
        finally:
            found.stop()


def _start(made: Cluster) -> None:
    folder, port = made.folder, made.port
    _certificates(folder)
    token = secrets.token_hex(16)
    (folder / "tokens.csv").write_text(f"{token},admin,admin,system:masters\n")
    made.kubeconfig.write_text(_kubeconfig(folder, port, token))
    etcd, peer = f"http://127.0.0.1:{port + 3}", f"http://127.0.0.1:{port + 4}"
    made.start(
        *("etcd", "--data-dir", "etcd", "--listen-client-urls", etcd, "--advertise-client-urls", etcd),
        *("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}"),
        "--unsafe-no-fsync",
    )
    made.start(
        *("kube-apiserver", f"--etcd-servers={etcd}", "--bind-address=127.0.0.1", f"--secure-port={port}"),
        # a loopback address is no endpoint of the Service `kubernetes`
        *("--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none", "--authorization-mode=Node,RBAC"),
        *("--tls-cert-file=api.crt", "--tls-private-key-file=api.key", "--token-auth-file=tokens.csv"),
        *("--service-cluster-ip-range=10.96.0.0/16", "--service-account-issuer=https://kubernetes.default.svc"),
        *("--service-account-key-file=sa.pub", "--service-account-signing-key-file=sa.key"),
    )
    ready = ("get", "--raw", "/readyz")
    wait_until(lambda: made.kubectl(*ready, code=None).strip() == "ok", what="the API server's start", seconds=180)
    same = (f"--kubeconfig={made.kubeconfig}", "--leader-elect=false", "--bind-address=127.0.0.1")
    made.start(
        *("kube-controller-manager", *same, f"--secure-port={port + 1}", "--cert-dir=kcm"),
        *("--use-service-account-credentials=true", "--service-account-private-key-file=sa.key"),
        *("--root-ca-file=ca.crt", "--cluster-signing-cert-file=ca.crt", "--cluster-signing-key-file=ca.key"),
    )
    made.start("kube-scheduler", *same, f"--secure-port={port + 2}", "--cert-dir=sched")
    (folder / "stages.yaml").write_text(_stages())
    made.start(
        *("kwok", f"--kubeconfig={made.kubeconfig}", "--manage-all-nodes", "--node-lease-duration-seconds=40"),
        *("--cidr=10.244.0.0/16", f"--server-address=127.0.0.1:{port + 5}", "--config=stages.yaml"),
    )
    made.kubectl("create", "-f", "-", given=yaml.safe_dump_all([*map(_node, range(2)), _CLASS]))
    conditions = ("wait", "--for=condition=Ready", "node", "--all", "--timeout=120s")
    made.kubectl(*conditions)


def _certificates(folder: Path) -> None:
    """Of this run alone: an authority, the server's, and the key of service accounts."""
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,IP:10.96.0.1,DNS:localhost\n")
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    for words in (
        ("req", "-x509", *new, "-days", "2", "-subj", "/CN=ca", "-keyout", "ca.key", "-out", "ca.crt"),
        ("req", *new, "-subj", "/CN=kube-apiserver", "-keyout", "api.key", "-out", "api.csr"),
        (
            *("x509", "-req", "-in", "api.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"),
            *("-out", "api.crt", "-extfile", "names"),
        ),
        ("genrsa", "-out", "sa.key", "2048"),
        ("rsa", "-in", "sa.key", "-pubout", "-out", "sa.pub"),
    ):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def _kubeconfig(folder: Path, port: int, token: str) -> str:
    server = {"server": f"https://127.0.0.1:{port}", "certificate-authority": str(folder / "ca.crt")}
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "clusters": [{"name": "test", "cluster": server}],
            "users": [{"name": "admin", "user": {"token": token}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "admin"}}],
        }
    )


def _node(number: int) -> dict[str, Any]:
    labels = {
        "kubernetes.io/hostname": f"node-{number}",
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/zone": f"zone-{number}",
    }
    room = {"cpu": "32", "memory": "128Gi", "pods": "110", "ephemeral-storage": "500Gi"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": f"node-{number}", "labels": labels},
        "status": {"allocatable": room, "capacity": room},
    }


_CLASS = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {
        "name": "kwok-volume",
        "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
    },
    "provisioner": "kwok.x-k8s.io/volume",
}
