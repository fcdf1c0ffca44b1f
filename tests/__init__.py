"""Everything that proves ovs-docker: tests, the private host they share, the benchmark and the demo.

Nothing in here is part of the installed package.
"""
