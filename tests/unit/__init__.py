"""Fast tests of the parts that need no host: what is read, decided, composed and said.

They mirror the package; what touches kernel, Docker or Open vSwitch is proved in tests/integration.
"""
