# SPDX-License-Identifier: Apache-2.0
"""A small Linux in QEMU that runs this computer's programs and into whose USB ports virtual phones are plugged."""

import fcntl
import os
import select
import shlex
import shutil
import socket
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PORTS = ("1-1", "1-2", "3-1")  # where the phones come out in the guest
XHCI, XHCI_2, EHCI = range(3)  # as numbers of PORTS; EHCI takes phones of high speed only
BOOT_TIME = 300  # seconds; five to ten where nothing else runs
BUSES = ("usb.0,port=1", "usb.0,port=2", "ehci.0,port=1")  # QEMU's names of PORTS
MEMORY_MIB = 768
# The emulated PM timer is right by itself; the processor's counter is measured at start, and wrong by far where the
# computer is busy then.
KERNEL_OPTIONS = "console=ttyS0 quiet panic=-1 mitigations=off no_timer_check tsc=unstable clocksource=acpi_pm"
# For a process and those below it: every thread's place in the kernel; then their end.
WHERE_IT_IS = """
family() { echo "$1"; for child in $(cat /proc/$1/task/*/children 2>/dev/null); do family "$child"; done; }
all=$(family "$1")
for process in $all; do
    for thread in /proc/$process/task/*; do echo "$thread $(cat $thread/comm)"; cat $thread/syscall $thread/stack; done
done
kill -9 $all
"""


class Guest:
    def __init__(self, folder, number="1"):
        """Guests of one folder with other numbers run beside each other."""
        self.folder = Path(folder)
        self.share = self.folder / f"share{number}"
        self.logs = [self.folder / f"{name}{number}.log" for name in ("qemu", "console")]
        self.lock = (self.folder / f"lock{number}").open("w")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AssertionError(f"another run uses guest {number} of {self.folder}") from None
        shutil.rmtree(self.share, ignore_errors=True)
        self.share.mkdir(parents=True)
        self.jobs = 0
        self.finished = {}
        self.unread = b""
        line = self.share / "line"
        command = ["qemu-system-x86_64", "-machine", "pc", "-accel", "tcg,thread=multi", "-cpu", "max,-erms,-fsrm", "-smp", "2",
                   "-m", str(MEMORY_MIB), "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
                   "-kernel", self.folder / "vmlinux", "-initrd", self.folder / "initramfs.gz",
                   "-append", f"{KERNEL_OPTIONS} mtk.share={self.share} mtk.main={HERE / 'guest-main.sh'}",
                   "-serial", f"file:{self.logs[1]}",
                   "-chardev", f"socket,id=line,path={line},server=on,wait=off", "-serial", "chardev:line",
                   "-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap",
                   "-virtfs", f"local,path={self.share},mount_tag=share,security_model=none",
                   "-device", "qemu-xhci,id=usb", "-device", "usb-ehci,id=ehci"]
        for number, bus in enumerate(BUSES):
            command += ["-chardev", f"socket,id=phone{number},path={self.socket(number)},reconnect=1",
                        "-device", f"usb-redir,chardev=phone{number},bus={bus}"]
        with self.logs[0].open("w") as log:
            self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        started = time.monotonic()
        try:
            self.line = self.connect(line)
            word = self.read_line(BOOT_TIME)
            assert word == "up", f"it says: {word}"
        except (AssertionError, TimeoutError) as problem:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"{problem}\n{self.last_words()}") from None
        self.boot_seconds = time.monotonic() - started

    def socket(self, port):
        return self.share / f"phone{port}"

    def last_words(self):
        """What QEMU and the guest's kernel said last."""
        told = ""
        for file in self.logs:
            told += f"--- {file}\n{file.read_text(errors='replace')[-2000:] if file.exists() else '(none)'}\n"
        return told

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
                    raise AssertionError("QEMU does not run") from None
                time.sleep(0.05)

    def read_line(self, seconds):
        deadline = time.monotonic() + seconds
        while b"\n" not in self.unread:
            self.line.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                got = self.line.recv(4096)
            except TimeoutError:
                raise TimeoutError(f"the guest is silent for {seconds:.0f} s") from None
            assert got, f"the guest is gone; see {self.logs[1]}"
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
            if time.monotonic() > deadline:
                raise AssertionError(f"job {job} does not get so far\n{self.give_up(job)}")

    def take_report(self, seconds):
        number, code = self.read_line(seconds).split()
        self.finished[int(number)] = int(code)

    def finish(self, job, seconds):
        """Waits for a program's end: its exit code, standard output and error."""
        deadline = time.monotonic() + seconds
        while job not in self.finished:
            try:
                self.take_report(deadline - time.monotonic())
            except TimeoutError:
                raise AssertionError(f"job {job} does not end within {seconds} s\n{self.give_up(job)}") from None
        return self.finished[job], self.said(job, "out"), self.said(job, "err")

    def said(self, job, stream):
        return (self.share / f"{job}.{stream}").read_text()

    def give_up(self, job):
        """Ends a program that hangs; says what it said, and where in the kernel its threads are."""
        look = self.start("sh", "-c", WHERE_IT_IS, "sh", (self.share / f"{job}.pid").read_text().strip())
        try:
            while look not in self.finished:
                self.take_report(30)
            threads = self.said(look, "out")
        except TimeoutError:
            threads = f"the guest itself hangs\n{self.last_words()}"
        return f"{self.said(job, 'out')}\n{self.said(job, 'err')}\n{threads}"

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
        self.lock.close()


def missing_tools():
    """What this computer lacks for a guest, as the packages that have it."""
    needed = {"qemu-system-x86_64": "qemu-system-x86", "busybox": "busybox-static", "cpio": "cpio", "xz": "xz-utils",
              "apt-get": "apt", "dpkg-deb": "dpkg"}
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return [package for tool, package in needed.items() if not shutil.which(tool, path=path)]
