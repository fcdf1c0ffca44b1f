"""The checkout and its copy in a root, which has what git does not ignore.

What becomes of the copy is not said here.
"""

import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CHECKOUT = "/checkout"
"""Where the copy is, as the root's programs see it."""


def copy_into(root: Path) -> None:
    """Copy the checkout into a root."""
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text().split()]
    kept_out = shutil.ignore_patterns(".git", ".venv*", *ignored)
    shutil.copytree(ROOT, root / CHECKOUT.lstrip("/"), ignore=kept_out, symlinks=True, dirs_exist_ok=True)
