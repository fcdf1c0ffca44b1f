"""Docker's neighbours: Podman, compose, Open vSwitch in containers and over the network."""
