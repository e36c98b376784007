"""The database server, its settings, and what stands in it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from django.conf import settings

from config.doctor.findings import DoctorFault
from config.health import pending_migrations
from foundation.crypto.versions import key_faults

_NEEDED = 18
_CLOCK_SECONDS = 5


def database_reachable() -> DoctorFault | None:
    server = f"{_facts()['host']}:{_facts()['port']}"
    try:
        with _asking("SELECT 1"):
            return None
    except psycopg2.OperationalError as error:
        said = str(error)
    if "authentication failed" in said:
        return DoctorFault(
            f"数据库 {server} 不接受账号 {_facts()['user']} 的密码。",
            "核对 DATABASE_URL 中的账号和密码；使用内置数据库时，数据目录和 secrets.json 必须是同一次安装的。",
        )
    if "does not exist" in said:
        return DoctorFault(
            f"数据库服务器 {server} 上没有名为“{_facts()['dbname']}”的数据库。",
            f"请管理员执行：CREATE DATABASE {_facts()['dbname']} OWNER {_facts()['user']} ENCODING 'UTF8'。",
        )
    return DoctorFault(
        f"数据库服务器 {server} 连接不上。", "运行 make up 启动内置数据库；使用外部数据库时核对 DATABASE_URL 和网络。"
    )


def database_version() -> DoctorFault | None:
    with _connected() as connection:
        major = connection.server_version // 10_000
    if major >= _NEEDED:
        return None
    return DoctorFault(
        f"数据库是 PostgreSQL {major}，本系统需要 {_NEEDED} 或更高版本。",
        f"升级数据库服务器到 PostgreSQL {_NEEDED}，或去掉 DATABASE_URL 使用内置数据库。",
    )


def database_locale() -> DoctorFault | None:
    """Other encodings cannot hold rare characters; under LC_CTYPE=C pg_trgm finds no letter in Chinese."""
    with _asking(
        "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()"
    ) as (encoding, letters):
        pass
    if encoding == "UTF8" and letters not in {"C", "POSIX"}:
        return None
    return DoctorFault(
        f"数据库的编码是 {encoding}、字符类别是 {letters}，中文会存不进或搜不到。",
        "新建 ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' TEMPLATE template0 的数据库，迁入数据后改 DATABASE_URL。",
    )


def application_bounded() -> DoctorFault | None:
    """The application's role reads and writes rows, and nothing else."""
    with _asking(
        """
        SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls
            OR pg_has_role(current_user, 'pg_execute_server_program', 'MEMBER')
            OR pg_has_role(current_user, 'pg_read_server_files', 'MEMBER')
            OR pg_has_role(current_user, 'pg_write_server_files', 'MEMBER'),
            has_schema_privilege(current_user, 'public', 'CREATE')
            OR EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
                AND (pg_has_role(current_user, relowner, 'MEMBER') OR has_table_privilege(oid, 'TRUNCATE')))
        FROM pg_roles WHERE rolname = current_user
        """
    ) as (is_mighty, is_owner):
        pass
    if not is_mighty and not is_owner:
        return None
    what = "超级用户或管理员的权限" if is_mighty else "改动表结构的权限，审计表的保护拦不住它"
    return DoctorFault(
        f"网站使用的数据库账号 {_facts()['user']} 有{what}。",
        "使用内置数据库时运行 make up；使用外部数据库时按 docs/guides/operator.md 的“两个数据库账号”一节，"
        "另建属主账号并设置 DATABASE_OWNER_URL。",
    )


def clock_right() -> DoctorFault | None:
    """Deadlines and schedules compare this machine's clock with the database's."""
    before = time.time()
    with _asking("SELECT extract(epoch FROM clock_timestamp())::text") as (there,):
        pass
    off = float(there) - (before + time.time()) / 2
    if abs(off) <= _CLOCK_SECONDS:
        return None
    word = "慢" if off > 0 else "快"
    return DoctorFault(
        f"本机时钟比数据库服务器{word} {abs(off):.0f} 秒，定时发布和期限会不准。",
        "在两台机器上开启时间同步（timedatectl set-ntp true），再检查一次。",
    )


def migrations_done() -> DoctorFault | None:
    if waiting := pending_migrations():
        return DoctorFault(
            f"有 {len(waiting)} 项数据库升级没有执行（{waiting[0]} 等）。",
            "运行 make up，它会升级公共库表和各服务厅。",
        )
    return None


def personal_keys_right() -> DoctorFault | None:
    if faults := key_faults():
        return DoctorFault(
            f"{'；'.join(faults)}。",
            "把原来的密钥加回 PERSONAL_KEYS 或 PERSONAL_INDEX_KEY，重启后再检查；密钥的备份见 docs/runbooks/keys.md。",
        )
    return None


def _facts() -> dict[str, Any]:
    database = settings.DATABASES["default"]
    return {
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "host": database["HOST"],
        "port": database["PORT"],
        "connect_timeout": 5,
    }


@contextmanager
def _connected() -> Iterator[Any]:
    connection = psycopg2.connect(**_facts())
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def _asking(sql: str) -> Iterator[tuple[Any, ...]]:
    with _connected() as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        yield cursor.fetchone()
