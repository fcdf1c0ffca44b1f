"""A private host: real Open vSwitch and Docker in namespaces of its own, gone with its process.

What runs on it (tests, benchmark, demo) lives elsewhere; only the standard library is used, so that it starts
with the system's Python before anything is installed.
"""

MARK = "OVS_DOCKER_PRIVATE_HOST"
"""The environment variable that tells a command that it runs on a private host."""
