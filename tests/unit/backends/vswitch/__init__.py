"""Unit tests of what needs no Open vSwitch in ovs_docker/backends/vswitch/."""
