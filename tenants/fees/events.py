"""What happens to orders. The subject is the run by which the order's case is examined."""

from typing import Final

from foundation.events.kinds import NoPayload, declare_event

# an order was paid, waived, cancelled or refunded: a step may wait for it
ORDER_MOVED: Final = declare_event("fees.order_moved", NoPayload)
