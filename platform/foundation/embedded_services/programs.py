"""Programs that packages of ours bring along."""

import shutil
import sys
from pathlib import Path


def program_of(package: str, name: str) -> str:
    """The path of a package's program. Raises RuntimeError where it is not installed."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        message = f"the program {name} of the package {package} is not installed"
        raise RuntimeError(message)
    return found
