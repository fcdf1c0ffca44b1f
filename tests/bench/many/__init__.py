"""The benchmark of many ports: ours against the script in a loop and against the same done by hand with care.

One port at a time is measured in tests/bench itself.
"""
