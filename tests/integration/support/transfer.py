"""A file of some megabytes from container to container over TCP: what ping does not show, checksums do.

How the containers are attached is up to the tests.
"""

from tests.integration.support.containers import Container

MEGABYTES = 4


def serve_file(container: Container) -> str:
    """Let a container serve a file of some megabytes; return its checksum."""
    container.exec("dd", "if=/dev/urandom", "of=/tmp/file", "bs=1M", f"count={MEGABYTES}")
    container.exec("httpd", "-p", "80", "-h", "/tmp")
    return container.exec("md5sum", "/tmp/file").out.split()[0]


def fetched(container: Container, address: str) -> str:
    """Fetch that file and return its checksum. A static busybox's own wget crashes looking names up."""
    request = r"printf 'GET /file HTTP/1.0\r\n\r\n' | timeout 8"
    fetch = f"{request} nc {address} 80 | tail -c {MEGABYTES << 20} | md5sum"
    return container.exec("sh", "-c", fetch, timeout=20).out.split()[0]
