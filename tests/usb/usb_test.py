# SPDX-License-Identifier: Apache-2.0
"""The way of the bytes: libusb and cdc_acm, windows, re-enumeration, pulled cables, phones told apart by their place."""

from guest import EHCI, PORTS, XHCI, XHCI_2
from harness import AGENT, FAILED_AFTER_WRITE, LOST, NO_PHONE, OK, PORT, firmware
from usb_case import DIALOUT, LIBUSB, PATIENT_WINDOWS, TTY, UsbCase, as_real, changed, guest

FAMILIES = ("tiny-6580", "tiny-xflash", "tiny-xml")
# After so many bytes from the host the tiny phones are in the middle of: the agent's first part, its second part,
# their largest image.
IN_THE_FIRST_STAGE, IN_THE_SECOND_STAGE, IN_A_WRITE = 800, 3500, 40_000
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
APPEARED = r"usb 1-1: New USB device found, idVendor=0e8d, idProduct=(\w+)"
SPEED = r"usb 1-1: new (\w+)-speed USB device"
SERIAL_PORT = r"cdc_acm 1-1:1.0: (ttyACM\d+): USB ACM device"


def full_speed(model):
    """The phone whose agent starts at the boot ROM's speed and can do more."""
    can_do_more = 'higher_speed = "yes"\n' if model == "tiny-xml" else ""
    return changed(model, agent=f"high_speed = false\n{can_do_more}", preloader=PATIENT_WINDOWS)


class WholeFlash(UsbCase):
    def flash(self, model, address, **phone):
        identity = self.new_phone(model)
        self.flash_with(model, address, **phone)
        self.assert_whole(model, identity)


def add_flashes(model):
    for way, address in (("libusb", LIBUSB), ("tty", TTY)):
        for entry in ("preloader", "brom"):
            def scene(self, address=address, entry=entry):
                self.flash(model, address, entry=entry)

            setattr(WholeFlash, f"test_{model.replace('-', '_')}_by_{way}_from_{entry}", scene)

    def by_ehci(self):
        self.flash(model, f"usb:{PORTS[EHCI]}", port=EHCI)

    setattr(WholeFlash, f"test_{model.replace('-', '_')}_on_ehci", by_ehci)


for one in FAMILIES:
    add_flashes(one)


class Windows(UsbCase):
    def test_a_cold_phone_is_caught_by_a_tool_that_waits_for_any(self):
        job = self.start("info", "--da", firmware("tiny-6580") / "MTK_AllInOne_DA.bin")
        self.plug_in("tiny-6580", windows=as_real)
        run = self.expect(self.finish(job), OK)
        self.assertEqual(run.of("phone")[-1]["chip"], "MT6580")

    def test_a_cold_phone_is_caught_by_its_serial_port(self):
        job = self.start("info", user=DIALOUT)
        self.plug_in("tiny-6580", windows=as_real)
        run = self.expect(self.finish(job), OK)
        self.assertEqual(run.of("phone")[-1]["chip"], "MT6580")

    def test_a_phone_nobody_speaks_to_boots_and_is_reported(self):
        self.plug_in("tiny-6580", windows=as_real)
        self.wait_in_guest(f"grep -qs 2008 /sys/bus/usb/devices/{PORTS[0]}/idProduct")
        run = self.expect(self.tool("info", "--timeout", "2"), NO_PHONE)
        self.assertIn("not_download_mode", [finding["id"] for finding in run.of("finding")])


class Identities(UsbCase):
    def raised(self, model, address, **run):
        """Flashes a phone that changes to high speed in between; yields the serial ports the kernel gave it."""
        identity = self.new_phone(model)
        self.flash_with(model, address, entry="brom", windows=full_speed, **run)
        self.assert_whole(model, identity)
        self.assertEqual(self.seen_by_kernel(APPEARED)[:2], ["0003", "2001"])
        self.assertEqual(self.seen_by_kernel(SPEED)[:2], ["full", "high"])
        return self.seen_by_kernel(SERIAL_PORT)

    def test_an_agent_goes_on_at_high_speed_as_another_device(self):
        for model in FAMILIES:
            with self.subTest(model=model):
                self.state = self.folder / model
                self.mark = len(self.kernel_log())
                self.raised(model, LIBUSB)

    def test_an_agent_is_found_again_on_another_serial_port(self):
        # Whoever keeps the first port open keeps its number.
        keep = "until test -c /dev/ttyACM0; do sleep 0.05; done; exec sleep 3600 </dev/ttyACM0"
        keeper = guest.start("sh", "-c", keep)
        self.addCleanup(guest.give_up, keeper)
        ports = self.raised("tiny-xflash", LIBUSB, user=DIALOUT)
        self.assertEqual(ports[:2], ["ttyACM0", "ttyACM1"])


class Cable(UsbCase):
    """Pulled by byte count, put back, flashed."""

    def pulled(self, model, address, at, stages, code):
        self.state = self.folder / f"{model}-{address[:3]}"
        identity = self.new_phone(model)
        before = self.first_state(model)
        run = self.flash_with(model, address, code, fault=f"cut=host:{at}")
        self.assertIn(run.stages()[-1], stages, str(run))
        if code != FAILED_AFTER_WRITE:
            self.assert_untouched(model, before)
        self.assertNotEqual(self.differing(model, firmware(model)), [])
        self.flash_with(model, address)
        self.assert_whole(model, identity)

    def each(self, at, stages, code):
        for model, address in (("tiny-6580", LIBUSB), ("tiny-6580", TTY), ("tiny-xflash", LIBUSB), ("tiny-xml", LIBUSB)):
            with self.subTest(model=model, address=address):
                self.pulled(model, address, at, stages, code)

    def test_pulled_while_the_first_stage_goes_over(self):
        self.each(IN_THE_FIRST_STAGE, {"preloader"}, LOST)

    def test_pulled_while_the_second_stage_goes_over(self):
        self.each(IN_THE_SECOND_STAGE, {"da1", "dram"}, AGENT)

    def test_pulled_in_the_middle_of_a_write(self):
        self.each(IN_A_WRITE, {"write"}, FAILED_AFTER_WRITE)


class Places(UsbCase):
    def begin(self, model, place):
        return self.start("flash", firmware(model), "--port", f"usb:{PORTS[place]}")

    def plug_in_at(self, model, place):
        self.state = self.folder / model
        return self.plug_in(model, place)

    def both(self, place, other_place):
        """Two phones at once; each flash must take the one at its place, and none before that is there."""
        first = self.begin("tiny-6580", place)
        other_phone = self.plug_in_at("tiny-xflash", other_place)
        self.wait_for_tty()
        self.assertNotIn('"stage":"preloader"', guest.said(first[0], "out"), "it took the phone at the other place")
        other = self.begin("tiny-xflash", other_place)
        phone = self.plug_in_at("tiny-6580", place)
        self.expect(self.finish(first), OK)
        self.expect(self.finish(other), OK)
        for each, model in ((phone, "tiny-6580"), (other_phone, "tiny-xflash")):
            each.stop()
            self.state = self.folder / model
            self.assert_flashed(model, firmware(model))

    def test_two_phones_on_one_controller(self):
        self.both(XHCI_2, XHCI)

    def test_two_phones_on_two_controllers(self):
        self.both(EHCI, XHCI)


class Drivers(UsbCase):
    def test_the_serial_driver_gets_the_phone_back(self):
        self.plug_in("tiny-6580", entry="brom")
        self.wait_for_tty()
        ask = f"cat /sys/bus/usb/devices/{PORTS[0]}/devnum; stat -c %i /dev/ttyACM0"
        number, node = self.in_guest(ask).split()
        self.expect(self.tool("info", "--port", LIBUSB), OK)
        self.wait_for_tty()
        number_after, node_after = self.in_guest(ask).split()
        self.assertEqual(number, number_after, "the phone has enumerated anew; this proves nothing")
        self.assertNotEqual(node, node_after, "the driver never lost the phone: libusb was not used")
        again = self.expect(self.tool("info", "--port", TTY), OK)
        self.assertEqual(again.of("phone")[-1]["chip"], "MT6580")


class Rights(UsbCase):
    def test_a_phone_this_user_may_not_open_is_explained(self):
        self.plug_in("tiny-6580", entry="brom")
        self.wait_for_tty()
        run = self.expect(self.tool("info", "--port", LIBUSB, user=NOBODY), PORT)
        self.assertIn("permission", run.out)

    def test_a_user_who_may_only_open_the_serial_port_gets_through(self):
        self.plug_in("tiny-6580", entry="brom")
        self.wait_for_tty()
        run = self.expect(self.tool("info", "--port", LIBUSB, user=DIALOUT), OK)
        self.assertEqual(run.of("phone")[-1]["chip"], "MT6580")
