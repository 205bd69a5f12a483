# SPDX-License-Identifier: Apache-2.0
"""Phones on real USB: libusb and cdc_acm, windows, re-enumeration, pulled cables, phones told apart by their place."""

import os
import tempfile

from guest import PORTS, Guest

guest = Guest(os.environ["MTK_USB_GUEST"])
# Only what lies in the shared folder is seen by both sides.
tempfile.tempdir = str(guest.share)

import harness  # noqa: E402  (it makes its folders in the shared one)
from harness import BUILD, FAILED_AFTER_WRITE, NO_PHONE, OK, PORT, ROOT, Case, Run, firmware  # noqa: E402

FAMILIES = ("tiny-6580", "tiny-xflash", "tiny-xml")
PATIENCE = 300  # seconds; the guest is emulated
LIBUSB = f"usb:{PORTS[0]}"
TTY = "tty:/dev/ttyACM0"
PATIENT_WINDOWS = "window_ms = 30000\nstart_window_ms = 5000\n"
# Bytes from the host after which the tiny phones are in the middle of their largest image.
IN_A_WRITE = 40_000


def tearDownModule():
    guest.stop()


def patient(model):
    """The phone with windows that a guest on a busy computer cannot miss."""
    file = guest.share / f"{model}.toml"
    text = (ROOT / "data" / "phones" / f"{model}.toml").read_text()
    file.write_text(text.replace("[preloader]\n", f"[preloader]\n{PATIENT_WINDOWS}", 1))
    return file


def as_real(model):
    return model


class UsbCase(Case):
    """mtkflash runs in the guest, phones on this computer."""

    def plug_in(self, model, port=0, entry="preloader", fault=None, windows=patient):
        """The guest looks for new phones once a second."""
        phone = harness.Phone(windows(model), self.state, f"usbredir:{guest.socket(port)}", entry, fault)
        self.addCleanup(phone.stop)
        return phone

    def start(self, *arguments):
        """Starts mtkflash and returns once it waits for a phone: in an emulated guest that takes longer than the
        phone's own window."""
        # A run that nobody ends would take the next scene's phone.
        job = guest.start("timeout", PATIENCE, BUILD / "mtkflash", *arguments, "--json",
                          MTKFLASH_HOME=f"{self.folder}/home", LC_ALL="C.UTF-8")
        guest.wait_for_output(job, '"stage":"connect"', PATIENCE)
        return job, arguments

    def finish(self, started):
        job, arguments = started
        return Run(("mtkflash", *arguments), *guest.finish(job, PATIENCE))

    def tool(self, *arguments):
        return self.finish(self.start(*arguments))

    def flash_with(self, model, port, code, entry="preloader", fault=None):
        """As people do it: the tool first, then the cable."""
        job = self.start("flash", firmware(model), "--port", port)
        phone = self.plug_in(model, entry=entry, fault=fault)
        run = self.expect(self.finish(job), code)
        phone.stop()
        return run

    def in_guest(self, script, seconds=PATIENCE):
        code, out, err = guest.run("sh", "-c", script, seconds=seconds)
        self.assertEqual(code, 0, f"$ {script}\n{out}{err}")
        return out

    def wait_in_guest(self, condition):
        """Until a shell condition holds; the guest counts the time."""
        self.in_guest(f"for i in $(seq 600); do if {condition}; then exit 0; fi; sleep 0.1; done; exit 1")


class WholeFlash(UsbCase):
    def flash(self, model, entry, port):
        self.boot_verdict(model)  # a new phone gets its flash
        identity = self.identity(model)
        self.assertNotEqual(self.differing(model, firmware(model)), [], "a new phone holds other firmware")
        self.flash_with(model, port, OK, entry)
        self.assert_flashed(model, firmware(model))
        self.assert_untouched(model, identity)
        self.assertEqual(self.boot_verdict(model)["reaches"], "android")


def add_flash(model):
    def by_libusb(self):
        self.flash(model, "preloader", LIBUSB)

    def by_libusb_from_the_boot_rom(self):
        self.flash(model, "brom", LIBUSB)

    def by_tty(self):
        self.flash(model, "preloader", TTY)

    for way in (by_libusb, by_libusb_from_the_boot_rom, by_tty):
        setattr(WholeFlash, f"test_{model.replace('-', '_')}_{way.__name__}", way)


for one in FAMILIES:
    add_flash(one)


class Windows(UsbCase):
    def test_a_cold_phone_is_caught_by_a_tool_that_waits_for_any(self):
        job = self.start("info", "--da", firmware("tiny-6580") / "MTK_AllInOne_DA.bin")
        self.plug_in("tiny-6580", windows=as_real)
        run = self.expect(self.finish(job), OK)
        self.assertEqual(run.of("phone")[-1]["chip"], "MT6580")

    def test_a_phone_nobody_speaks_to_boots_and_is_reported(self):
        self.plug_in("tiny-6580", windows=as_real)
        self.wait_in_guest(f"grep -qs 2008 /sys/bus/usb/devices/{PORTS[0]}/idProduct")
        run = self.expect(self.tool("info", "--timeout", "2"), NO_PHONE)
        self.assertIn("not_download_mode", [finding["id"] for finding in run.of("finding")])


class Cable(UsbCase):
    def test_pulled_in_the_middle_of_a_write_then_flashed_again(self):
        for model, port in (("tiny-6580", LIBUSB), ("tiny-6580", TTY), ("tiny-xflash", LIBUSB)):
            with self.subTest(model=model, port=port):
                self.state = self.folder / f"{model}-{port[:3]}"
                self.boot_verdict(model)
                identity = self.identity(model)
                run = self.flash_with(model, port, FAILED_AFTER_WRITE, fault=f"cut=host:{IN_A_WRITE}")
                self.assertIn("write", run.stages())
                self.assertNotEqual(self.differing(model, firmware(model)), [])
                self.flash_with(model, port, OK)
                self.assert_flashed(model, firmware(model))
                self.assert_untouched(model, identity)


class Places(UsbCase):
    def test_two_phones_at_once_are_told_apart(self):
        models = ("tiny-6580", "tiny-xflash")
        jobs = [self.start("flash", firmware(model), "--port", f"usb:{place}")
                for model, place in zip(models, PORTS, strict=True)]
        phones = []
        for port, model in enumerate(models):
            self.state = self.folder / model
            phones.append(self.plug_in(model, port))
        for job in jobs:
            self.expect(self.finish(job), OK)
        for phone, model in zip(phones, models, strict=True):
            phone.stop()
            self.state = self.folder / model
            self.assert_flashed(model, firmware(model))


class Rights(UsbCase):
    def test_a_phone_this_user_may_not_open_is_explained(self):
        self.plug_in("tiny-6580", entry="brom")
        self.wait_in_guest("test -c /dev/ttyACM0")
        code, out, err = guest.run("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", BUILD / "mtkflash",
                                   "info", "--port", LIBUSB, "--json", MTKFLASH_HOME="/run/nobody")
        self.assertEqual(code, PORT, out + err)
        self.assertIn("permission", out)

    def test_a_user_who_may_only_open_the_serial_port_gets_through(self):
        self.plug_in("tiny-6580", entry="brom")
        self.wait_in_guest("test -c /dev/ttyACM0 && chmod 666 /dev/ttyACM0")
        code, out, err = guest.run("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", BUILD / "mtkflash",
                                   "info", "--port", LIBUSB, "--json", MTKFLASH_HOME="/tmp/nobody")
        self.assertIn('"chip":"MT6580"', out, f"exit {code}\n{out}{err}")
