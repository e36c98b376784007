"""Where the time of a run goes: measured where it is spent, in every worker, and told at the end of the run."""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

# what is measured -> how it is told
LABELS = {
    "servers": "启动服务器",
    "template": "准备模板库",
    "collection": "收集用例",
    "databases": "复制数据库",
    "web server": "启动网站",
    "browser": "启动浏览器",
    "pages": "打开网页",
    "machine": "启动整机",
    "cluster": "启动 Kubernetes",
    "install small": "安装 values-small 到就绪",
    "install middle": "安装 values-middle 到就绪",
    "install large": "安装 values-large 到就绪",
    "upgrade small": "升级 values-small 到就绪",
    "upgrade middle": "升级 values-middle 到就绪",
    "upgrade large": "升级 values-large 到就绪",
}
# of these a test's own set-up consists in part
_IN_SET_UP = ("databases", "web server", "browser", "machine")
_FILES_TOLD = 10

type Taken = dict[str, tuple[float, int]]


class Times:
    """Seconds, and how many times, by what was done; and of tests by phase and by file."""

    def __init__(self) -> None:
        self.taken: Taken = {}
        self.phases: dict[str, float] = defaultdict(float)
        self.files: dict[str, float] = defaultdict(float)

    def add(self, what: str, seconds: float, times: int = 1) -> None:
        before, count = self.taken.get(what, (0.0, 0))
        self.taken[what] = before + seconds, count + times

    def add_all(self, taken: Mapping[str, tuple[float, int]]) -> None:
        for what, (seconds, times) in taken.items():
            self.add(what, seconds, times)

    def add_report(self, report: pytest.TestReport) -> None:
        self.phases[report.when or ""] += report.duration
        self.files[report.nodeid.partition("::")[0]] += report.duration

    def lines(self) -> Iterator[str]:
        for what, label in LABELS.items():
            if what in self.taken:
                seconds, times = self.taken[what]
                yield f"{label} {seconds:.1f} 秒（{times} 次）"
        inner = sum(self.taken.get(what, (0.0, 0))[0] for what in _IN_SET_UP)
        yield f"用例的其他准备和收尾 {max(0.0, self.phases['setup'] + self.phases['teardown'] - inner):.1f} 秒"
        yield f"用例本身 {self.phases['call']:.1f} 秒"
        longest = sorted(self.files.items(), key=lambda one: -one[1])[:_FILES_TOLD]
        yield "最久的文件：" + "、".join(f"{file.removeprefix('tests/')} {seconds:.0f} 秒" for file, seconds in longest)


times = Times()


@contextmanager
def spent(what: str) -> Iterator[None]:
    """Count the time inside for ``what``, one of ``LABELS``."""
    began_at = time.monotonic()
    try:
        yield
    finally:
        times.add(what, time.monotonic() - began_at)
