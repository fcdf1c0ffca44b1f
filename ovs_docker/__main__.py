"""`python -m ovs_docker` is the command `ovs-docker`. Nothing else lives here."""

from ovs_docker.cli import entry

entry()
