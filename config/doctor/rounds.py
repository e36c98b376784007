"""All checks, in the order in which a person would look."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from config.doctor import (
    audit,
    backups,
    calendars,
    cases,
    clock,
    complaints,
    database,
    gateways,
    hints,
    machine,
    pods,
    schemas,
    services,
)
from config.doctor.findings import Check, DoctorNote, Finding


@dataclass(frozen=True, slots=True)
class _Item:
    label: str
    check: Check
    # checks that must have gone well before: their fault would only be said again
    needs: Sequence[Check] = ()
    is_hint: bool = False
    # where to look instead, if this process cannot see it; "" where it can
    elsewhere: Callable[[], str] = lambda: ""


_DATABASE = (database.database_reachable,)
_ROWS = (database.database_reachable, database.migrations_done)

_ITEMS = (
    _Item("磁盘空间", machine.disk_space),
    _Item("数据目录可写", machine.data_folder_writable),
    _Item("数据库目录可达", machine.postgres_reaches_its_data),
    _Item("密钥文件权限", machine.secrets_closed),
    _Item("端口", machine.ports_free, elsewhere=pods.of_other_programs),
    _Item("数据库连接", database.database_reachable),
    _Item("数据库版本", database.database_version, needs=_DATABASE),
    _Item("数据库编码", database.database_locale, needs=_DATABASE),
    _Item("数据库账号权限", database.application_bounded, needs=_DATABASE),
    _Item("时钟与数据库一致", database.clock_right, needs=_DATABASE),
    _Item("数据库升级", database.migrations_done, needs=_DATABASE),
    _Item("个人信息密钥", database.personal_keys_right, needs=_ROWS),
    _Item(f"服务厅结构（抽查，最多 {schemas.SAMPLE} 个）", schemas.halls_match_their_template, needs=_ROWS),
    _Item("消息队列", services.broker_reachable),
    _Item("对象存储", services.store_reachable),
    _Item("对象存储应答及时", services.store_quick, needs=(services.store_reachable,)),
    _Item("存储桶", services.bucket_there, needs=(services.store_reachable,)),
    _Item("各厅的存储密钥（抽查）", services.halls_have_their_keys, needs=(*_ROWS, services.store_reachable)),
    _Item("病毒扫描", services.scanner_answers),
    _Item("搜索引擎", services.search_engine_right, needs=_ROWS),
    _Item("网站", machine.web_answers, elsewhere=pods.of_other_programs),
    _Item("入口代理", machine.proxy_answers, needs=(machine.web_answers,), elsewhere=pods.of_other_programs),
    _Item("对外加密", machine.readers_encrypted),
    _Item("网站证书", machine.certificates_hold, needs=_ROWS),
    _Item("后台任务", services.worker_runs, needs=(services.broker_reachable,)),
    _Item("开通服务厅的程序", machine.builder_runs, elsewhere=pods.of_other_programs),
    _Item("定时任务", machine.beat_runs, elsewhere=pods.of_other_programs),
    _Item("事件中继", machine.relay_runs, elsewhere=pods.of_other_programs),
    _Item("事件处理及时", services.events_handled, needs=_ROWS),
    _Item("没有被放弃的事件", services.no_dead_events, needs=_ROWS),
    _Item("事件都有处理方", services.subscribers_there, needs=_ROWS),
    _Item("审计表的保护", audit.audit_guarded, needs=_ROWS),
    _Item("审计密钥", audit.audit_key_right, needs=_ROWS),
    _Item("审计见证", audit.audit_witnessed, needs=_ROWS, elsewhere=pods.of_the_worker),
    _Item("审计见证锁在存储里", audit.audit_locked, needs=(*_ROWS, services.store_reachable)),
    _Item("审计及时上链", audit.audit_linked, needs=_ROWS),
    _Item("文件都在（抽查）", backups.files_there, needs=(*_ROWS, services.store_reachable)),
    _Item("备份和恢复演练", backups.backups_kept, needs=_ROWS),
    _Item(f"办件概览的数字（抽查，最多 {cases.SAMPLE} 个）", cases.figures_agree, needs=_ROWS),
    _Item("投诉都有人处理", complaints.complaints_are_read, needs=_ROWS),
    _Item("工作日历", calendars.workdays_published, needs=_ROWS),
    _Item("静态文件", machine.static_collected),
    _Item("短信网关", gateways.messages_go_out, needs=_ROWS),
    _Item("实名核验接口", gateways.register_answers, needs=_ROWS),
    _Item("缴费接口", gateways.payments_answer, needs=_ROWS),
    _Item("流程的外部系统", gateways.flow_systems_answer, needs=_ROWS),
    _Item("群众能登录、能实名", gateways.both_are_set, is_hint=True),
    _Item("时钟与标准时间一致", clock.clock_agrees, is_hint=True),
    _Item("下一年的放假安排", calendars.following_year_published, needs=_ROWS, is_hint=True),
    _Item("设置了病毒扫描", hints.scanner_set, is_hint=True),
    _Item("设置了备份", backups.backup_folder_set, is_hint=True, elsewhere=pods.of_the_database),
    _Item("域名解析", hints.domain_resolves, is_hint=True),
    _Item("测试用浏览器", hints.browser_for_tests, is_hint=True, elsewhere=pods.of_developers),
    _Item("测试用中文字体", hints.chinese_fonts, is_hint=True, elsewhere=pods.of_developers),
)


def examine() -> Iterator[Finding]:
    """Each finding as soon as it is known."""
    failed: set[Check] = set()
    for item in _ITEMS:
        finding = _examine_one(item, failed)
        if finding.state not in {"ok", "hint", "unseen"}:
            failed.add(item.check)
        yield finding


def _examine_one(item: _Item, failed: set[Check]) -> Finding:
    name = getattr(item.check, "__name__", "")
    if failed.intersection(item.needs):
        return Finding(name, item.label, "skipped")
    if elsewhere := item.elsewhere():
        return Finding(name, item.label, "unseen", note=elsewhere)
    fault = item.check()
    if fault is None:
        return Finding(name, item.label, "ok")
    if isinstance(fault, DoctorNote):
        return Finding(name, item.label, "ok", note=fault.note)
    return Finding(name, item.label, "hint" if item.is_hint else "fault", fault.fault, fault.cure)
