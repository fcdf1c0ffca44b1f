"""Tests on the real stack: Open vSwitch, Docker and the kernel of a private host.

Pure code is tested in tests/unit, the host itself is built in tests/host.
"""
