"""A private host under a kernel of its own: User Mode Linux with the module openvswitch.

The private host itself is the same as without; what starts the kernel and what runs first in it is in here.
"""
