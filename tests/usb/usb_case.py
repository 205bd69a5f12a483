# SPDX-License-Identifier: Apache-2.0
"""What scenes in the guest are made of: one guest for all of them, phones, runs of mtkflash, the kernel's word."""

import atexit
import os
import re
import tempfile
from pathlib import Path

from guest import PORTS, XHCI, Guest

guest = Guest(os.environ["MTK_USB_GUEST"], os.environ["MTK_USB_GUEST_NUMBER"])
atexit.register(guest.stop)
# Only what lies in the shared folder is seen by both sides.
tempfile.tempdir = str(guest.share)

import harness  # noqa: E402  (it makes its folders in the shared one)
from harness import BUILD, OK, ROOT, Case, Run, firmware  # noqa: E402

PATIENCE = 120  # seconds; the guest is emulated
LIBUSB = f"usb:{PORTS[XHCI]}"
TTY = "tty:/dev/ttyACM0"
OTHERS_HOME = "/run/home"  # where users of the guest may write who are not root
PATIENT_WINDOWS = "window_ms = 120000\nstart_window_ms = 60000\n"
# Who may open serial ports but no USB devices, as on a computer without this project's udev rule.
DIALOUT = ("setpriv", "--reuid=65534", "--regid=65534", "--groups=20")


def changed(model, **sections):
    """The phone with more lines in some sections of its description."""
    text = (ROOT / "data" / "phones" / f"{model}.toml").read_text()
    for section, lines in sections.items():
        text = text.replace(f"[{section}]\n", f"[{section}]\n{lines}", 1)
    file = guest.share / f"{model}.toml"
    file.write_text(text)
    return file


def patient(model):
    """The phone with windows that a guest on a busy computer cannot miss."""
    return changed(model, preloader=PATIENT_WINDOWS)


def as_real(model):
    return model


def open_to_all(path):
    """Lets other users read a folder of the shared one."""
    path = Path(path)
    if path.is_relative_to(guest.share):
        for folder in (path, path.parent):
            folder.chmod(0o755)


class UsbCase(Case):
    """mtkflash runs in the guest, phones on this computer."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.wait_until_unplugged)
        self.mark = len(self.kernel_log())

    def plug_in(self, model, port=XHCI, entry="preloader", fault=None, windows=patient):
        """The guest looks for new phones once a second."""
        phone = harness.Phone(windows(model), self.state, f"usbredir:{guest.socket(port)}", entry, fault)
        self.addCleanup(phone.stop)
        return phone

    def start(self, *arguments, user=()):
        """Starts mtkflash and returns once it waits for a phone: in an emulated guest that takes longer than the
        phone's own window. `user` is the start of a command that makes another user of root."""
        home = OTHERS_HOME if user else f"{self.folder}/home"
        for argument in arguments if user else ():
            open_to_all(argument)
        job = guest.start("timeout", PATIENCE, *user, BUILD / "mtkflash", *arguments, "--json",
                          MTKFLASH_HOME=home, LC_ALL="C.UTF-8")
        self.addCleanup(self.end, job)
        guest.wait_for_output(job, '"stage":"connect"', PATIENCE)
        return job, arguments

    @staticmethod
    def end(job):
        """A run that nobody ends would take the next scene's phone."""
        if job not in guest.finished:
            guest.give_up(job)

    def finish(self, started):
        job, arguments = started
        return Run(("mtkflash", *arguments), *guest.finish(job, 2 * PATIENCE))

    def tool(self, *arguments, **how):
        return self.finish(self.start(*arguments, **how))

    def flash_with(self, model, address, code=OK, user=(), **phone):
        """As people do it: the tool first, then the cable."""
        job = self.start("flash", firmware(model), "--port", address, user=user)
        phone = self.plug_in(model, **phone)
        run = self.expect(self.finish(job), code)
        phone.stop()
        self.wait_until_unplugged()
        return run

    def assert_whole(self, model, identity):
        """The phone holds its firmware and what makes it this phone, and starts."""
        self.assert_flashed(model, firmware(model))
        self.assert_untouched(model, identity)
        self.assertEqual(self.boot_verdict(model)["reaches"], "android")

    def new_phone(self, model):
        """Its identity; it holds other firmware than the folder's."""
        self.boot_verdict(model)  # a new phone gets its flash
        self.assertNotEqual(self.differing(model, firmware(model)), [], "a new phone holds other firmware")
        return self.identity(model)

    def in_guest(self, script, seconds=PATIENCE):
        code, out, err = guest.run("sh", "-c", script, seconds=seconds)
        self.assertEqual(code, 0, f"$ {script}\n{out}{err}")
        return out

    def wait_in_guest(self, condition):
        """Until a shell condition holds; the guest counts the time."""
        self.in_guest(f"for i in $(seq 600); do if {condition}; then exit 0; fi; sleep 0.1; done; exit 1")

    def wait_until_unplugged(self):
        self.wait_in_guest(" && ".join(f"! test -e /sys/bus/usb/devices/{place}" for place in PORTS))

    def wait_for_tty(self):
        """Until the serial port is there and udev is done with it."""
        udevadm = guest.folder / "udev" / "bin" / "udevadm"
        self.wait_in_guest(f"test -c /dev/ttyACM0 && {udevadm} settle")

    def kernel_log(self):
        return self.in_guest("dmesg").splitlines()

    def seen_by_kernel(self, pattern):
        """What the kernel has told since the scene began."""
        found = (re.search(pattern, line) for line in self.kernel_log()[self.mark:])
        return [match.groups() if len(match.groups()) > 1 else match.group(1) for match in found if match]
