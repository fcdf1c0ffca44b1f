"""A private host: real Open vSwitch and Docker in namespaces of its own, gone with its process.

What runs on it (tests, benchmark, demo) lives elsewhere; only the standard library is used, so that it starts
with the system's Python before anything is installed.
"""

import os

MARK = "OVS_DOCKER_PRIVATE_HOST"
"""The environment variable that tells a command that it runs on a private host."""

DATAPATH_VARIABLE = "OVS_DOCKER_DATAPATH"
DATAPATH = os.environ.get(DATAPATH_VARIABLE, "netdev")
"""The datapath of the bridges: netdev (userspace), or system (the kernel's) on a kernel host."""
USERSPACE_ONLY = () if DATAPATH == "system" else ("--disable-system",)
"""Words for ovs-vswitchd, so that kernels with the module and without behave alike."""
