"""The suite on other releases of Debian: roots made with debootstrap, and what runs in them; the tests are elsewhere.

Only the standard library is used, so that it starts with the system's Python before anything is installed.
"""

CANNOT = 75
"""The exit status when a root cannot be had; neither pytest, pip nor the private host ends with it."""
