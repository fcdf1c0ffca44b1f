"""The benchmark: ovs-docker against the shell script it replaces, as whole processes on a private host.

Where a program spends its time is not asked here; the host is built in tests/host.
"""
