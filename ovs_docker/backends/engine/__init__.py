"""Container engines: Docker and Podman."""
