# SPDX-License-Identifier: Apache-2.0
"""A small Linux in QEMU that runs this computer's programs and into whose USB ports virtual phones are plugged."""

import os
import select
import shlex
import shutil
import socket
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PORTS = ("1-1", "1-2")  # where the phones come out in the guest
BOOT_TIME = 300  # seconds; five to ten where nothing else runs
MEMORY_MIB = 768
# The emulated PM timer is right by itself; the processor's counter is measured at start, and wrong by far where the
# computer is busy then.
KERNEL_OPTIONS = "console=ttyS0 quiet panic=-1 mitigations=off no_timer_check tsc=unstable clocksource=acpi_pm"


class Guest:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.share = self.folder / "share"
        shutil.rmtree(self.share, ignore_errors=True)
        self.share.mkdir(parents=True)
        self.jobs = 0
        self.finished = {}
        self.unread = b""
        line = self.share / "line"
        command = ["qemu-system-x86_64", "-machine", "pc", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2",
                   "-m", str(MEMORY_MIB), "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
                   "-kernel", self.folder / "vmlinux", "-initrd", self.folder / "initramfs.gz",
                   "-append", f"{KERNEL_OPTIONS} mtk.share={self.share} mtk.main={HERE / 'guest-main.sh'}",
                   "-serial", f"file:{self.folder / 'console.log'}",
                   "-chardev", f"socket,id=line,path={line},server=on,wait=off", "-serial", "chardev:line",
                   "-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap",
                   "-virtfs", f"local,path={self.share},mount_tag=share,security_model=none",
                   "-device", "qemu-xhci,id=usb"]
        for number in range(len(PORTS)):
            command += ["-chardev", f"socket,id=phone{number},path={self.socket(number)},reconnect=1",
                        "-device", f"usb-redir,chardev=phone{number},bus=usb.0,port={number + 1}"]
        with (self.folder / "qemu.log").open("w") as log:
            self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        started = time.monotonic()
        self.line = self.connect(line)
        assert self.read_line(BOOT_TIME) == "up", "the guest says something else than that it is up"
        self.boot_seconds = time.monotonic() - started

    def socket(self, port):
        return self.share / f"phone{port}"

    def connect(self, path):
        deadline = time.monotonic() + BOOT_TIME
        while True:
            line = socket.socket(socket.AF_UNIX)
            try:
                line.connect(str(path))
                return line
            except OSError:
                line.close()
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f"QEMU does not start: {(self.folder / 'qemu.log').read_text()}") from None
                time.sleep(0.05)

    def read_line(self, seconds):
        deadline = time.monotonic() + seconds
        while b"\n" not in self.unread:
            self.line.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                got = self.line.recv(4096)
            except TimeoutError:
                raise AssertionError(f"the guest is silent; see {self.folder / 'console.log'}") from None
            assert got, f"the guest is gone; see {self.folder / 'console.log'}"
            self.unread += got
        text, _, self.unread = self.unread.partition(b"\n")
        return text.decode().strip()

    def start(self, *command, **environment):
        """Starts a program in the guest; its number is for finish()."""
        self.jobs += 1
        settings = "".join(f"export {name}={shlex.quote(str(value))}\n" for name, value in environment.items())
        (self.share / f"{self.jobs}.cmd").write_text(settings + shlex.join(map(str, command)) + "\n")
        self.line.sendall(b"%d\n" % self.jobs)
        return self.jobs

    def wait_for_output(self, job, text, seconds):
        """Until a program has printed something, or has ended."""
        deadline = time.monotonic() + seconds
        out = self.share / f"{job}.out"
        while not (out.exists() and text in out.read_text()):
            if select.select([self.line], [], [], 0.02)[0] or b"\n" in self.unread:
                self.take_report(seconds)
                if job in self.finished:
                    return
            assert time.monotonic() < deadline, f"job {job} does not get so far; see {self.share}"

    def take_report(self, seconds):
        number, code = self.read_line(seconds).split()
        self.finished[int(number)] = int(code)

    def finish(self, job, seconds):
        """Waits for a program's end: its exit code, standard output and error."""
        deadline = time.monotonic() + seconds
        while job not in self.finished:
            self.take_report(deadline - time.monotonic())
        return self.finished[job], (self.share / f"{job}.out").read_text(), (self.share / f"{job}.err").read_text()

    def run(self, *command, seconds=120, **environment):
        return self.finish(self.start(*command, **environment), seconds)

    def stop(self):
        try:
            self.line.sendall(b"end\n")
            self.process.wait(20)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
        self.process.wait()
        self.line.close()


def missing_tools():
    """What this computer lacks for a guest, as the packages that have it."""
    needed = {"qemu-system-x86_64": "qemu-system-x86", "busybox": "busybox-static", "cpio": "cpio", "xz": "xz-utils",
              "apt-get": "apt", "dpkg-deb": "dpkg"}
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return [package for tool, package in needed.items() if not shutil.which(tool, path=path)]
