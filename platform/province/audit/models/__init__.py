from province.audit.models.chain import CENSUS, DAYS, PROVINCE, AuditHead, AuditLink, AuditPending, chain_of, genesis
from province.audit.models.entries import AuditEntry, actor_words
from province.audit.models.facts import Facts, canonical, facts_of
from province.audit.models.packs import AuditPack
from province.audit.models.seals import AuditDay, AuditSeal

# what the database refuses to change (migration 0002)
ONLY_ADDED = ("audit_auditentry", "audit_auditlink", "audit_auditpack", "audit_auditday", "audit_auditseal")

__all__ = [
    "CENSUS",
    "DAYS",
    "ONLY_ADDED",
    "PROVINCE",
    "AuditDay",
    "AuditEntry",
    "AuditHead",
    "AuditLink",
    "AuditPack",
    "AuditPending",
    "AuditSeal",
    "Facts",
    "actor_words",
    "canonical",
    "chain_of",
    "facts_of",
    "genesis",
]
