"""The halls' schemas."""

from config.doctor.findings import DoctorFault
from province.rights.queries import system_actor
from provisioning.verify import verify_halls

# how many halls are looked into: half a second in all, among few halls as among some thousand
SAMPLE = 40


def halls_match_their_template() -> DoctorFault | None:
    found = verify_halls(by=system_actor("检查"), most=SAMPLE)
    if found.drifts:
        first = found.drifts[0]
        return DoctorFault(
            f"抽查的 {found.checked} 个服务厅中有 {len(found.drifts)} 个的结构与模板不一致，"
            f"例如 {first.name or first.schema_name}：{first.differences[0]}。",
            "用 yizhan halls verify 查看全部差异，按 docs/runbooks/drift.md 处理；通常从备份恢复该厅。",
        )
    if found.behind:
        return DoctorFault(f"有 {found.behind} 个服务厅还没有升级。", "运行 make up 或 yizhan halls upgrade。")
    return None
