"""The environment variables and the files of a private host, before any daemon runs.

Namespaces are made in namespaces.py, daemons started in services.py.
"""

import os
import subprocess
from pathlib import Path

from tests.host import MARK
from tests.host.daemons import STATE
from tests.host.namespaces import mount
from tests.host.programs import search_path

# Files that the daemons would write to the machine, or read from it. Without /sys/kernel/security dockerd
# loads no AppArmor profile, which would outlive us in the kernel.
HIDDEN = ("/run", "/etc/docker", "/sys/kernel/security")
DIRECTORIES = (STATE, Path("/run/openvswitch"), Path("/run/tmp"), Path("/run/docker-client"))
FOREIGN = (
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
    "DOCKER_API_VERSION",
    "DOCKER_TLS_VERIFY",
    "DOCKER_CERT_PATH",
    "OVS_RUNDIR",
    "OVS_DBDIR",
    "OVS_LOGDIR",
    "OVS_SYSCONFDIR",
    "OVS_PKGDATADIR",
)


def prepare(cgroup: str) -> None:
    """Turn the namespaces around this process into an empty host, and its environment with them."""
    for path in filter(os.path.isdir, HIDDEN):
        mount("tmpfs", path, "tmpfs", options="mode=755")
    for directory in DIRECTORIES:
        directory.mkdir(parents=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    _allow_ipv6()
    _set_variables(cgroup)


def _allow_ipv6() -> None:
    for scope in ("all", "default", "lo"):
        switch = Path(f"/proc/sys/net/ipv6/conf/{scope}/disable_ipv6")
        if switch.exists():
            switch.write_text("0")


def _set_variables(cgroup: str) -> None:
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ |= {
        MARK: cgroup,
        "PATH": search_path(),
        "TMPDIR": "/run/tmp",
        "DOCKER_CONFIG": "/run/docker-client",
    }
    if "SUDO_UID" in os.environ:  # the checkout belongs to someone else: leave no files of root in it
        os.environ |= {
            "PYTHONDONTWRITEBYTECODE": "1",
            "HYPOTHESIS_STORAGE_DIRECTORY": "/run/tmp/hypothesis",
            "PYTEST_ADDOPTS": "-p no:cacheprovider " + os.environ.get("PYTEST_ADDOPTS", ""),
        }
