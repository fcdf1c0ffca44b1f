"""Unit tests of what is pure in ovs_docker/driver/."""
