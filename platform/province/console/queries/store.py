"""How the object store fares."""

from typing import Final

from django.conf import settings

from foundation.errors import DomainError
from foundation.files.store import seconds_to_answer
from province.console.slots import ServiceState

# seconds for its smallest answer; more, and somebody should look
SLOW: Final = 1.0


def store_name() -> str:
    return "SeaweedFS" if settings.S3_FILER_ENDPOINT else "S3"


def store_state() -> ServiceState:
    """Red where pictures and attachments do not come, or come slowly: pages go on without them."""
    try:
        seconds = seconds_to_answer()
    except DomainError as error:
        return ServiceState(is_reachable=False, words="没有应答，图片和附件打不开", failure=error.message)
    if seconds > SLOW:
        words = f"应答慢，用了 {seconds:.1f} 秒"
        return ServiceState(is_reachable=False, words=words, failure=words)
    return ServiceState(is_reachable=True, words="正常")
