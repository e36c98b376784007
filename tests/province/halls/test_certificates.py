"""Certificates of the province's hosts and of halls' own domains, as a real server shows them over TLS."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone
from pytest_django import Settings

from config.doctor.findings import DoctorFault, DoctorNote
from config.doctor.machine import certificates_hold
from config.metrics import render_metrics
from province.halls.models import Hall, HallDomain, HostCertificate
from province.halls.operations import check_certificates
from province.halls.queries.certificates import certificates_state

pytestmark = pytest.mark.django_db
type Show = Callable[[timedelta, str], None]


def _write_certificate(path: Path, left: timedelta, name: str) -> None:
    """With its key, valid for so long from now on."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "site")])
    until = datetime.now(UTC) + left
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1, until - timedelta(days=90), until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    own = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(own + certificate.public_bytes(pem))


@pytest.fixture
def show(tmp_path: Path, settings: Settings, north: Hall) -> Iterator[Show]:
    """The site at ``localhost``, a domain of north's own; what it is called with, it shows from then on."""
    HallDomain.objects.filter(tenant=north).update(is_primary=False)
    HallDomain.objects.create(tenant=north, domain="localhost", is_primary=True)
    kept = tmp_path / "site.pem"
    with socket.create_server(("127.0.0.1", 0)) as door:
        settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "https", door.getsockname()[1]

        def serve() -> None:
            while True:
                try:
                    line, _ = door.accept()
                except OSError:
                    return
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(kept)
                with suppress(OSError), context.wrap_socket(line, server_side=True):
                    pass

        thread = Thread(target=serve, daemon=True)
        thread.start()

        def show(left: timedelta, name: str = "localhost") -> None:
            _write_certificate(kept, left, name)
            HostCertificate.objects.update(looked_at=timezone.now() - timedelta(days=1))
            check_certificates()

        yield show
        door.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=10)


def _figures() -> dict[str, float]:
    lines = render_metrics()[0].decode().splitlines()
    wanted = ('yizhan_certificate_days_left{of="halls"}', "yizhan_certificates_refused")
    return {name: float(line.rpartition(" ")[2]) for line in lines for name in wanted if line.startswith(f"{name} ")}


class TestCheckCertificates:
    def test_turns_light_doctor_and_figures_red_while_browsers_let_nobody_in(self, show: Show) -> None:
        show(timedelta(days=-1), "localhost")
        state, found = certificates_state(), certificates_hold()
        assert (state.is_reachable, state.failure) == (False, "localhost：证书已过期")
        assert isinstance(found, DoctorFault)
        assert "localhost：证书已过期" in found.fault
        assert _figures()["yizhan_certificates_refused"] == 1
        assert _figures()['yizhan_certificate_days_left{of="halls"}'] < -0.9
        # of another host
        show(timedelta(days=60), "elsewhere.example.cn")
        assert certificates_state().failure == "localhost：证书不是这个域名的"
        assert _figures()["yizhan_certificates_refused"] == 1
        # renewed
        show(timedelta(days=60), "localhost")
        assert certificates_state().is_reachable is not False
        assert isinstance(certificates_hold(), DoctorNote)
        assert _figures()["yizhan_certificates_refused"] == 0
        assert 59 < _figures()['yizhan_certificate_days_left{of="halls"}'] < 61

    def test_turns_the_light_yellow_two_weeks_before_and_where_nothing_is_seen(self, show: Show) -> None:
        show(timedelta(days=13), "localhost")
        assert certificates_state().words == "localhost 的证书还有 12 天到期"
        show(timedelta(days=60), "localhost")
        # the province's own hosts, which no server of this test answers for
        state = certificates_state()
        assert (state.is_reachable, "证书没能看到" in state.words) == (None, True)
        HostCertificate.objects.filter(valid_until=None).delete()
        assert certificates_state().is_reachable is True

    def test_looks_at_each_once_in_six_hours_and_forgets_hosts_that_are_gone(self, show: Show) -> None:
        show(timedelta(days=60), "localhost")
        hosts = set(HostCertificate.objects.values_list("host", "is_province"))
        # one stands for all names below the province's
        assert hosts == {("localhost", False), ("yizhan.localhost", True), ("north.yizhan.localhost", True)}
        assert check_certificates() == 0
        HostCertificate.objects.filter(host="yizhan.localhost").update(looked_at=timezone.now() - timedelta(hours=7))
        assert check_certificates() == 1
        HallDomain.objects.filter(domain="localhost").delete()
        check_certificates()
        assert not HostCertificate.objects.filter(host="localhost").exists()

    def test_asks_nobody_without_https(self, show: Show, settings: Settings) -> None:
        show(timedelta(days=60), "localhost")
        settings.PUBLIC_SCHEME = "http"
        assert check_certificates() == 0
        assert certificates_state().words == "没有用 https"
