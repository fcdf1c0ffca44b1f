"""Unit tests of ovs_docker/cli/."""
