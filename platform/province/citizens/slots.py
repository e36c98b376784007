"""What apps above contribute to how people are told things."""

from collections.abc import Callable
from uuid import UUID

from foundation.contributions import Slot

# the phone of whom a row of the app names, read when a message goes out; "" for a row that is not the app's, or without
# a phone
NOTICE_PHONES = Slot[Callable[[UUID], str]]("citizens.notice_phones", keys=lambda phone_of: [phone_of])
