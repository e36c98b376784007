"""What is good to have."""

import shutil
import socket
import subprocess

from django.conf import settings

from config.doctor.findings import DoctorFault

_INSTALL = "Debian 上运行：apt-get install chromium fonts-noto-cjk。"


def browser_for_tests() -> DoctorFault | None:
    if shutil.which("chromium"):
        return None
    return DoctorFault("没有安装 chromium，浏览器测试不能运行（不影响使用）。", _INSTALL)


def chinese_fonts() -> DoctorFault | None:
    found = (
        shutil.which("fc-list")
        and subprocess.run(["fc-list", ":lang=zh"], check=False, capture_output=True, text=True).stdout.strip()
    )
    return None if found else DoctorFault("没有安装中文字体，浏览器测试的截图会缺字（不影响使用）。", _INSTALL)


def domain_resolves() -> DoctorFault | None:
    """Browsers know ``*.localhost`` by themselves."""
    domain = settings.BASE_DOMAIN
    if domain.endswith("localhost"):
        return None
    try:
        socket.getaddrinfo(domain, None)
    except OSError:
        return DoctorFault(
            f"域名 {domain} 在本机解析不到。", f"在 DNS 中为 {domain} 和 *.{domain} 添加解析，或修改 BASE_DOMAIN。"
        )
    return None


def scanner_set() -> DoctorFault | None:
    """Where others can upload, files are shown to a virus scanner."""
    if settings.CLAMAV_ADDRESS or settings.IS_FOR_THIS_MACHINE:
        return None
    return DoctorFault("上传的文件没有经过病毒扫描。", "安装 ClamAV，把 clamd 的地址设为 CLAMAV_ADDRESS。")
