"""Tests of the house itself: what is shipped beside the code says what the code does.

They need no host and no privilege; what the code does is tested in tests/unit and tests/integration.
"""
