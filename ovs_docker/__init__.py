"""ovs-docker: attach Docker containers to Open vSwitch.

Only the version lives here: the command starts in cli/, the work in verbs/.
"""

__version__ = "0.1.0"
