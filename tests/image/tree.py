"""Carries a Containerfile out line by line into trees of files, where no engine for containers runs; what it does not
know it refuses.

As root on Debian, with debootstrap. A base image of Debian is made by debootstrap from the same release.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import ROOT

# of this machine alone: how its package clients find their way out. An image keeps none of it
_WAY_OUT = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_MACHINE = ("/etc/resolv.conf", "/etc/hosts")


# made once: some minutes
_BASES = Path("/var/tmp/yizhan-bases")  # noqa: S108 - root's own folder


def _debian(release: str) -> Path:
    base, draft = _BASES / release, _BASES / f"{release}.new"
    if not base.exists():
        shutil.rmtree(draft, ignore_errors=True)
        _BASES.mkdir(mode=0o700, parents=True, exist_ok=True)
        subprocess.run(["debootstrap", "--variant=minbase", release, str(draft)], check=True, stdout=subprocess.DEVNULL)
        draft.rename(base)
    return base


@dataclass
class Instruction:
    word: str
    rest: str


@dataclass
class Stage:
    tree: Path
    variables: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "0:0"
    command: list[str] = field(default_factory=list)
    # of ``ARG`` inside the stage: for its RUN lines alone
    arguments: dict[str, str] = field(default_factory=dict)


def instructions(text: str) -> list[Instruction]:
    """Each with its continued lines; comments are left out."""
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"\\\n\s*", " ", lines)
    found = []
    for line in filter(None, map(str.strip, joined.splitlines())):
        word, _, rest = line.partition(" ")
        found.append(Instruction(word, rest.strip()))
    return found


# what engines take for the name of an image, as the distribution's specification has it, with a domain before
_NAME = r"[a-z0-9.-]+(?::\d+)?(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+"
_TAG, _DIGEST = r"\w[\w.-]{0,127}", "sha256:[0-9a-f]{64}"
_REFERENCE = re.compile(rf"(?P<name>{_NAME})(?::(?P<tag>{_TAG}))?(?:@(?P<digest>{_DIGEST}))?", re.ASCII)


def base_of(text: str, **given: str) -> re.Match[str]:
    """The base that the first stage begins with, with these ``--build-arg``. Raises ValueError where engines refuse it:
    it is no name of an image."""
    arguments: dict[str, str] = {}
    for one in instructions(text):
        if one.word == "ARG":
            name, _, default = one.rest.partition("=")
            arguments[name] = given.get(name, default)
        elif one.word == "FROM":
            source = _filled(one.rest.partition(" AS ")[0], arguments)
            if found := _REFERENCE.fullmatch(source):
                return found
            break
    message = "invalid reference format"
    raise ValueError(message)


def _filled(text: str, arguments: dict[str, str]) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda found: arguments[found[1]], text)


class Builder:
    """The stages of one Containerfile, each in a folder of its own below ``folder``; ``last`` is what the image is.
    ``given``: as ``--build-arg``."""

    def __init__(self, folder: Path, *, context: Path = ROOT, **given: str) -> None:
        self._folder, self._context, self._given = folder, context, given
        self._arguments: dict[str, str] = {}
        self._stages: dict[str, Stage] = {}
        self._ignored = [line for line in (context / ".containerignore").read_text().splitlines() if line]
        self.last = Stage(folder)

    def build(self, text: str) -> Stage:
        acts = {
            "ARG": self._arg,
            "FROM": self._from,
            "RUN": self._run,
            "COPY": self._copy,
            "ENV": self._env,
            "WORKDIR": self._workdir,
            "USER": self._user,
            "LABEL": lambda _: None,
            "CMD": self._cmd,
        }
        for one in instructions(text):
            acts[one.word](one.rest)
        return self.last

    def _arg(self, rest: str) -> None:
        name, _, value = rest.partition("=")
        (self.last.arguments if self._stages else self._arguments)[name] = self._given.get(name, value)

    def _from(self, rest: str) -> None:
        source, _, name = rest.partition(" AS ")
        source = _filled(source, self._arguments)
        tree = self._folder / (name or "image")
        if source in self._stages:
            former = self._stages[source]
            subprocess.run(["cp", "-a", "--reflink=auto", str(former.tree), str(tree)], check=True)
            self.last = Stage(tree, dict(former.variables), former.folder, former.user)
        else:
            # debootstrap brings the release as it is today, whatever the digest
            release = re.fullmatch(r"docker\.io/library/debian:(\w+)-slim@sha256:[0-9a-f]{64}", source)
            assert release, f"nothing is known of the base {source}"
            subprocess.run(["cp", "-a", "--reflink=auto", str(_debian(release[1])), str(tree)], check=True)
            self.last = Stage(tree)
        self._stages[name or "image"] = self.last

    def _run(self, rest: str) -> None:
        tree = self.last.tree
        shutil.copy(_CERTIFICATES, tree / "tmp" / "certificates")
        for path in _MACHINE:
            shutil.copy(path, f"{tree}{path}")
        outside = {name: "/tmp/certificates" for name in _WAY_OUT if name in os.environ}  # noqa: S108 - of the tree
        done = subprocess.run(
            ["chroot", str(tree), "/bin/sh", "-c", f"cd {shlex.quote(self.last.folder)} && {rest}"],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"}
            | self.last.variables
            | self.last.arguments
            | outside,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"RUN {rest}\n{done.stdout[-2000:]}{done.stderr[-3000:]}"
        (tree / "tmp" / "certificates").unlink()

    def _copy(self, rest: str) -> None:
        words = rest.split()
        source_tree = self._context
        if words[0].startswith("--from="):
            source_tree = self._stages[words.pop(0).removeprefix("--from=")].tree
        *sources, target = words
        place = self.last.tree / str(Path(self.last.folder, target)).lstrip("/")
        is_folder = target.endswith("/") or len(sources) > 1
        for one in sources:
            source = source_tree / one.lstrip("/")
            assert source.exists(), f"COPY {one}: there is none"
            (place if is_folder else place.parent).mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                ignored = shutil.ignore_patterns(*(line.removeprefix("**/") for line in self._ignored))
                keep = None if source_tree != self._context else ignored
                shutil.copytree(source, place, symlinks=True, dirs_exist_ok=True, ignore=keep)
            else:
                shutil.copy(source, place / source.name if is_folder else place)

    def _env(self, rest: str) -> None:
        self.last.variables |= dict(one.split("=", 1) for one in shlex.split(rest))

    def _workdir(self, rest: str) -> None:
        self.last.folder = rest
        (self.last.tree / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)

    def _user(self, rest: str) -> None:
        self.last.user = rest

    def _cmd(self, rest: str) -> None:
        self.last.command = json.loads(rest)


def inside(stage: Stage, command: list[str], *, writable: dict[str, Path]) -> list[str]:
    """A command line that runs this in the image as a pod does: a root that is read only in a mount namespace of its
    own, the image's user, no capabilities, no way to more rights. ``writable``: folder of the image → of this machine.
    """
    user, group = stage.user.split(":")
    mounts = [f"mount --bind -o ro {shlex.quote(str(stage.tree))} {shlex.quote(str(stage.tree))}"]
    mounts.append(f"mount -o remount,bind,ro {shlex.quote(str(stage.tree))}")
    for folder, own in writable.items():
        mounts.append(f"mount --bind {shlex.quote(str(own))} {shlex.quote(str(stage.tree) + folder)}")
    mounts.append(f"mount -t proc proc {shlex.quote(str(stage.tree))}/proc")
    mounts += [
        f"mount --bind {device} {shlex.quote(str(stage.tree))}{device}" for device in ("/dev/null", "/dev/urandom")
    ]
    rights = f"--reuid {user} --regid {group} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all"
    into = f"exec /usr/sbin/chroot {shlex.quote(str(stage.tree))} setpriv {rights}"
    moved = f"sh -c {shlex.quote(f'cd {stage.folder} && exec ' + shlex.join(command))}"
    return ["unshare", "--mount", "--propagation", "private", "sh", "-ec", "; ".join([*mounts, f"{into} {moved}"])]
