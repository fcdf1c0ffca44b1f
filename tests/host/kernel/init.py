"""Process 1 of the kernel host: mounts, modules, the private host as a command of its own, and off.

The machine's files lie below a tmpfs (overlay): everything can be written, and nothing of it lasts.
"""

import ctypes
import json
import os
import subprocess
import sys
import termios
import threading
import tty
from typing import IO, Any

from tests.host.kernel.machine import ERR, JOB, OUT, ROOT, SCRATCH, STATUS
from tests.host.namespaces import mount

MODULES = ("overlay", "tun", "veth", "bridge", "ipv6", "openvswitch", "vport-geneve")
# What other kernels load when it is needed; for the legacy variant of iptables, as nf_tables has no NAT here.
FURTHER = (
    *("sctp", "iptable_filter", "iptable_nat", "iptable_raw", "ip6table_filter", "ip6table_nat", "ip6table_raw"),
    *("xt_MASQUERADE", "xt_addrtype", "xt_comment", "xt_conntrack", "xt_nat", "xt_sctp", "xt_tcpudp"),
)
MS_MOVE, POWER_OFF = 0x2000, 0x4321FEDC
FILE_SYSTEMS = (("proc", "proc"), ("sysfs", "sys"), ("devtmpfs", "dev"), ("cgroup2", "sys/fs/cgroup"))


def main() -> int:
    """Run what the job says, say how it ended, and switch the kernel off."""
    job = json.loads(JOB.read_text())
    try:
        _prepare(job["environment"])
        with open(STATUS, "wb", buffering=0) as line:
            _pass_on(f"{_run(job)}\n".encode(), line.fileno())
            termios.tcdrain(line)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"init: {error}", flush=True)
    return int(ctypes.CDLL(None).reboot(POWER_OFF))


def _prepare(environment: dict[str, str]) -> None:
    mount("proc", "/proc", "proc")
    for modules, needed in ((MODULES, True), (FURTHER, False)):
        subprocess.run(["modprobe", f"--dirname={SCRATCH}", "--all", *modules], check=needed, env=environment)
    _enter_root()


def _enter_root() -> None:
    """Put a tmpfs over the machine's files, and the kernel's own file systems into it."""
    mount("tmpfs", str(ROOT), "tmpfs")
    upper, work, root = (ROOT / name for name in ("upper", "work", "root"))
    for directory in (upper, work, root):
        directory.mkdir()
    mount("overlay", str(root), "overlay", options=f"lowerdir=/,upperdir={upper},workdir={work}")
    for kind, where in FILE_SYSTEMS:
        mount(kind, str(root / where), kind)
    for where in ("dev/pts", "dev/shm"):
        (root / where).mkdir(exist_ok=True)
    mount("devpts", str(root / "dev/pts"), "devpts", options="ptmxmode=666,mode=620")
    for where in ("dev/shm", "run"):
        mount("tmpfs", str(root / where), "tmpfs")
    os.chdir(root)
    mount(".", "/", flags=MS_MOVE)
    os.chroot(".")


def _run(job: dict[str, Any]) -> int:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.host", *job["command"]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=job["directory"],
        env=job["environment"],
    )
    assert process.stdout and process.stderr
    lines = ((process.stdout, OUT), (process.stderr, ERR))
    pumps = [threading.Thread(target=_pump, args=line) for line in lines]
    for pump in pumps:
        pump.start()
    status = process.wait()
    for pump in pumps:
        pump.join(10)
    return status


def _pump(source: IO[bytes], console: str) -> None:
    """Pass the command's output on to a console. It writes to a pipe: the console would look like a terminal to it."""
    with open(console, "wb", buffering=0) as line:
        tty.setraw(line.fileno())
        while data := os.read(source.fileno(), 1 << 12):
            _pass_on(data, line.fileno())
        termios.tcdrain(line)


def _pass_on(data: bytes, line: int) -> None:
    while data:
        data = data[os.write(line, data) :]


if __name__ == "__main__":
    sys.exit(main())
