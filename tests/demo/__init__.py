"""The demonstration: the main job on a private host, told step by step.

It teaches and proves nothing that the tests do not prove better; the host is built in tests/host.
"""
