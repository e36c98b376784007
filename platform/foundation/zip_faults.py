"""What Python's ``zipfile`` raises where a ZIP file is damaged, cut off or made to mislead."""

import lzma
import zipfile
import zlib
from typing import Final

# ValueError: a name that is no UTF-8; RuntimeError: a password; NotImplementedError: a way of packing that is unknown;
# OverflowError: a place beyond 2^63
ZIP_FAULTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
