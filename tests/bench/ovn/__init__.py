"""What a big northbound database costs one add-port --logical-switch, and what of that is OVN's own.

The comparison with the script is in tests/bench.
"""
