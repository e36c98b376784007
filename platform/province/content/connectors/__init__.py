"""How acts reach accounts outside: one connector a module, each the same to those who call it.

A connector may be called twice for one parcel (a worker was killed before it could note the receipt), always with the
same ``id``: it must pass that on, so that the other side does the act once.
"""

from collections.abc import Mapping
from typing import Protocol

from foundation.events.outgoing import Refused
from province.content.connectors.http import HttpConnector
from province.content.connectors.parcels import Parcel, Receipt
from province.content.connectors.webpush import WebPushConnector

__all__ = ["ACCOUNT_CONNECTORS", "Connector", "Parcel", "Receipt", "connector_of"]


class Connector(Protocol):
    def deliver(self, parcel: Parcel) -> Receipt:
        """Carry out the act there. Raises Failed where another attempt may help, Refused where none will."""


# what an account may name; readers' installed apps have their own
ACCOUNT_CONNECTORS: Mapping[str, Connector] = {"http": HttpConnector()}
_WEBPUSH = WebPushConnector()


def connector_of(parcel: Parcel) -> Connector:
    """Raises Refused where the account names a connector that there is no more."""
    if parcel.subscription is not None:
        return _WEBPUSH
    found = ACCOUNT_CONNECTORS.get(parcel.connector)
    if found is None:
        message = f"没有“{parcel.connector}”这个接口。"
        raise Refused(message)
    return found
