"""The command ``yizhan``: a thin layer over operations and queries.

Each group of commands stands in its own module and is imported, with Django, only when it is called.
"""

import typer

from config.cli.cluster import demand_variables, demand_variables_of_owner
from config.cli.frame import Group, House, Single
from config.environment import is_in_image, var_folder
from foundation.embedded_services.secrets import make_keeper_secrets, make_secrets


def _draw_secrets() -> None:
    """Before the very first start the settings lack what the embedded parts agree on."""
    make_secrets(var_folder())


def _draw_secrets_or_name_them() -> None:
    """In a container nothing is drawn: its root is read only, and the Secret has them."""
    if is_in_image():
        demand_variables()
    else:
        _draw_secrets()


def _draw_all_secrets() -> None:
    """Those, too, that only who starts the parts may know."""
    make_secrets(var_folder())
    make_keeper_secrets(var_folder())


SINGLES = (
    Single("up", "启动本机全部程序；首次启动时载入演示数据", "config.cli.machine", _draw_all_secrets, as_owner=True),
    Single("down", "停止 up 启动的程序", "config.cli.machine", _draw_secrets, needs_apps=False),
    Single("status", "查看各程序的状态", "config.cli.machine", _draw_secrets, needs_apps=False),
    Single("doctor", "逐项检查，指出故障和解决办法", "config.cli.doctor", _draw_secrets_or_name_them),
    Single("restore", "在一台空机器上恢复全部备份", "config.cli.restoring", needs_apps=False, needs_parts=False),
    Single("demo", "载入演示数据（可重复执行）", "config.cli.demo", as_owner=True),
    Single("look", "在平台以外像读者一样查看推稿，并提交结果", "config.cli.look", needs_apps=False, needs_parts=False),
    Single("run", "容器里：运行一个程序（web、worker 等）", "config.cli.cluster", needs_apps=False),
    Single("await", "容器里：启动前检查配置，等数据库升级好", "config.cli.cluster", demand_variables),
    Single(
        "release",
        "容器里：把数据库升级到本版本",
        "config.cli.cluster",
        demand_variables_of_owner,
        as_owner=True,
    ),
    Single("static", "制作镜像时：收集静态文件", "config.cli.cluster", needs_parts=False),
    Single("relay", "事件中继：处理到期事项和待办事件", "config.cli.relay"),
)
GROUPS = (
    Group("divisions", "区划：载入、核对和执行变更", ("config.cli.divisions",)),
    Group(
        "halls",
        "服务厅：开通、升级、备份与状态",
        ("config.cli.halls", "config.cli.provisioning", "config.cli.domains", "config.cli.store_keys"),
        as_owner=True,
    ),
    Group(
        "backup",
        "备份全部：持续备份、马上备份、演练恢复",
        ("config.cli.backups",),
        as_owner=True,
        without_settings=frozenset({"key"}),
    ),
    Group("catalogue", "事项目录：载入基础清单", ("config.cli.catalogue",)),
    Group("cases", "办件：按国家交换格式导出，重新统计概览，年度归档", ("config.cli.cases",)),
    Group("content", "稿件：导入、审核、推稿、撤稿与核验", ("config.cli.content",)),
    Group("clock", "期限：按工作日推算最后一日", ("config.cli.clock",)),
    Group("keys", "个人信息密钥：列出、增加、轮换、停用", ("config.cli.keys",)),
    Group("people", "人员：岗位与权限", ("config.cli.people",)),
    Group("audit", "审计：导出和核对审计链", ("config.cli.audit",)),
    Group("accounts", "新媒体账号：备案与投递", ("config.cli.accounts",)),
    Group("search", "搜索引擎：重建索引、查看状态", ("config.cli.search",)),
    Group("clients", "接入统一登录的系统：登记、列出、停用", ("config.cli.clients",)),
)


class _Yizhan(House):
    groups = GROUPS
    singles = SINGLES


app = typer.Typer(
    cls=_Yizhan,
    name="yizhan",
    help="一站：省级政务服务厅群与内容平台。",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def _root() -> None:
    """The callback makes this a group; there is nothing to do before its commands."""
