from province.audit.operations.chain import LINKS_AT_ONCE, link_entries
from province.audit.operations.entries import record_act
from province.audit.operations.packs import pack_links
from province.audit.operations.seals import seal_chains

__all__ = ["LINKS_AT_ONCE", "link_entries", "pack_links", "record_act", "seal_chains"]
