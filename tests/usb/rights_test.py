# SPDX-License-Identifier: Apache-2.0
"""Who may open a phone, who else wants its port, and what is no phone: permissions, ModemManager, a stranger's modem."""

import re
import subprocess
from pathlib import Path

from guest import PORTS, XHCI_2
from harness import OK, PORT, ROOT, Phone, Run, firmware
from usb_case import BUILD, DIALOUT, LIBUSB, OTHERS_HOME, PATIENCE, TTY, UsbCase, guest

HERE = Path(__file__).resolve().parent
MODEL = "tiny-6580"
UDEVADM = guest.folder / "udev" / "bin" / "udevadm"
RULE = "/etc/udev/rules.d/60-mtkflash.rules"
# Somebody who is in no group, and a member of the group that distributions have for devices.
EVE = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
PLUGDEV = ("setpriv", "--reuid=65534", "--regid=65534", "--groups=46")
# Before 1.12 ModemManager spoke to every port of this kind. Since then it wants a reason; its own rules give one for the
# modems of this vendor, and here it gets the same for phones.
TAKEN_FOR_A_MODEM = 'ATTRS{idVendor}=="0e8d", ENV{ID_MM_MTK_TAGGED}="1"\n'
STRANGER = 0x2CB7  # a maker of modems whom ModemManager knows
BUS = """<busconfig><type>system</type><listen>unix:path=/run/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
</policy></busconfig>"""
MODEM_MANAGER = """
export LD_LIBRARY_PATH=$(echo {at}/usr/lib/*-linux-gnu):$(echo {at}/lib/*-linux-gnu)
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/bus
rm -f /run/bus  # what an earlier one left is no bus
{at}/usr/bin/dbus-daemon --config-file={bus} --nofork &
until test -S /run/bus; do sleep 0.1; done
{at}/usr/sbin/ModemManager --debug --test-plugin-dir=$(echo {at}/usr/lib/*-linux-gnu/ModemManager) 2>&1
"""


def ask_guest(script):
    code, out, err = guest.run("sh", "-c", script, seconds=PATIENCE)
    if code != 0:
        raise AssertionError(f"$ {script}\n{out}{err}")
    return out


def setUpModule():
    """The guest's /etc is the computer's and cannot be written; a copy of it can, of what the user who runs this may
    read."""
    ask_guest("mkdir -p /run/etc; cp -a /etc/. /run/etc 2>/dev/null; test -e /run/etc/passwd && mount --bind /run/etc /etc")


def tearDownModule():
    ask_guest("umount /etc")


def stranger(model):
    """A modem of somebody else, with the voice of a phone: whoever speaks to it is answered, and logged."""
    faces = "".join(f"{face} = [{STRANGER:#x}, {number}]\n" for number, face in enumerate(("brom", "preloader"), 1))
    file = guest.share / f"stranger-{model}.toml"
    file.write_text((ROOT / "data" / "phones" / f"{model}.toml").read_text() + f"\n[usb]\n{faces}")
    return file


class RightsCase(UsbCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(ask_guest, f"rm -f {RULE}; {UDEVADM} control --reload")

    def doctor(self, *arguments, user=()):
        """Runs to its end: the exit code and the last event."""
        command = ("doctor", *arguments, "--json")
        ended = guest.run("env", f"PATH={UDEVADM.parent}:/usr/sbin:/usr/bin:/sbin:/bin", *user, BUILD / "mtkflash", *command,
                          seconds=PATIENCE, MTKFLASH_HOME=OTHERS_HOME, LC_ALL="C.UTF-8")
        run = Run(("mtkflash", *command), *ended)
        return run.code, run.events[-1]

    def verdicts(self, *names, user=()):
        _, result = self.doctor(user=user)
        found = {check["id"]: check["verdict"] for check in result["examination"]["checks"]}
        return [found[name] for name in names]

    def install_rule(self):
        code, result = self.doctor("--fix")
        self.assertEqual((code, result["repair"]["state"]), (OK, "done"), result)

    def plug_in_boot_rom(self, **how):
        """It stays until somebody speaks to it."""
        phone = self.plug_in(MODEL, entry="brom", **how)
        self.wait_for_tty()
        return phone

    def phone_log(self, state):
        return Path(f"{state}.log").read_text()


class Permissions(RightsCase):
    def test_doctor_fix_lets_the_group_in(self):
        phone = self.plug_in_boot_rom()
        run = self.expect(self.tool("info", "--port", LIBUSB, user=PLUGDEV), PORT)
        self.assertIn("mtkflash doctor --fix", run.events[-1]["next_actions"][0])
        self.assertEqual(self.verdicts("udev_rule", "permission", "rule_applied", user=PLUGDEV), ["problem"] * 3)

        self.install_rule()
        self.assertEqual(self.in_guest(f"cat {RULE}"), (ROOT / "data/udev/60-mtkflash.rules").read_text())
        phone.stop()
        self.wait_until_unplugged()
        self.plug_in_boot_rom()
        self.assertEqual(self.verdicts("udev_rule", "permission", "rule_applied", user=PLUGDEV), ["fine"] * 3)
        # Who is in no group still has no way in, and hears of the groups.
        self.expect(self.tool("info", "--port", LIBUSB, user=EVE), PORT)
        self.assertEqual(self.verdicts("groups", user=EVE), ["problem"])
        self.expect(self.tool("info", "--port", LIBUSB, user=PLUGDEV), OK)

    def test_doctor_fix_opens_up_a_phone_that_is_plugged_in(self):
        self.plug_in_boot_rom()
        self.install_rule()
        self.in_guest(f"{UDEVADM} settle")
        self.expect(self.tool("info", "--port", LIBUSB, user=PLUGDEV), OK)

    def test_doctor_fix_changes_nothing_for_an_ordinary_user(self):
        code, result = self.doctor("--fix", user=EVE)
        self.assertEqual((code, result["repair"]["state"]), (PORT, "needs_root"))
        self.assertIn("sudo mtkflash doctor --fix", result["repair"]["next_actions"][0])
        self.in_guest(f"! test -e {RULE}")

    def test_the_rule_is_for_phones_only(self):
        self.install_rule()
        self.plug_in_boot_rom(windows=stranger)
        marks = self.in_guest(f"{UDEVADM} info -q property -n /dev/ttyACM0; stat -c %G /dev/bus/usb/001/*")
        self.assertNotIn("ID_MM_DEVICE_IGNORE", marks)
        self.assertNotIn("plugdev", marks)


class ModemManagerCase(RightsCase):
    """The real one runs in the guest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = subprocess.run([HERE / "make-modem-manager.sh", guest.folder], check=False)
        if made.returncode != 0:
            raise AssertionError("ModemManager could not be had")
        at = guest.folder / "modem-manager"
        bus, rule = guest.share / "bus.conf", guest.share / "76-taken-for-a-modem.rules"
        bus.write_text(BUS)
        rule.write_text(TAKEN_FOR_A_MODEM)
        ask_guest(f"cp {at}/lib/udev/rules.d/* {rule} /run/udev/rules.d; {UDEVADM} control --reload")
        cls.addClassCleanup(ask_guest, f"cd /run/udev/rules.d; rm 7* 80-mm-*; {UDEVADM} control --reload")
        cls.job = guest.start("sh", "-c", MODEM_MANAGER.format(at=at, bus=bus))
        cls.addClassCleanup(guest.give_up, cls.job)
        guest.wait_for_output(cls.job, "successfully loaded", PATIENCE)

    def setUp(self):
        super().setUp()
        self.said_before = len(guest.said(self.job, "out"))

    def said(self):
        """What ModemManager said since the scene began."""
        return guest.said(self.job, "out")[self.said_before:]

    def wait_until_said(self, pattern):
        log = guest.share / f"{self.job}.out"
        self.wait_in_guest(f"tail -c +{self.said_before + 1} {log} | grep -Eq -- '{pattern}'")

    def wait_for_probing(self, port="ttyACM0"):
        self.wait_until_said(rf"\[{port}/at\] --> .AT")

    def spoken_to(self):
        """The ports ModemManager has sent something to."""
        return set(re.findall(r"\[(ttyACM\d+)/\w+\] --> ", self.said()))


class ModemManager(ModemManagerCase):
    def test_without_the_rule_it_speaks_to_the_phone(self):
        self.plug_in_boot_rom()
        self.wait_for_probing()
        self.wait_in_guest(f"grep -q 'brom: 41 is not A0' {self.state}.log")  # 41: the A of AT
        self.assertEqual(self.verdicts("modem_manager", "rule_applied", "holder"), ["problem"] * 3)

    def test_with_the_rule_it_leaves_the_phone_alone_for_a_whole_flash(self):
        identity = self.new_phone(MODEL)
        self.install_rule()
        self.plug_in_boot_rom()
        self.wait_until_said(r"\(tty/ttyACM0\):? port filtered: .*blocklisted")
        self.assertEqual(self.verdicts("modem_manager", "rule_applied", "holder"), ["fine"] * 3)
        self.expect(self.tool("flash", firmware(MODEL), "--port", TTY), OK)
        self.assert_whole(MODEL, identity)
        self.assertEqual(self.spoken_to(), set())

    def test_a_port_that_it_holds_is_tried_again_and_then_it_is_named(self):
        for user in ((), DIALOUT):
            with self.subTest(user=user):
                phone = self.plug_in_boot_rom()
                self.said_before = len(guest.said(self.job, "out"))
                self.wait_for_probing()
                run = self.expect(self.tool("info", "--port", TTY, user=user), PORT)
                self.assertIn("ModemManager", run.events[-1]["cause"], str(run))
                waited = run.events[-1]["t"] - next(e["t"] for e in run.of("stage") if e["stage"] == "connect")
                self.assertGreaterEqual(waited, 2000, "given up at once")
                phone.stop()
                self.wait_until_unplugged()


class Stranger(RightsCase):
    """A modem beside the phone: mtkflash neither opens it nor sends it a byte."""

    def plug_in_stranger(self):
        state = self.folder / "stranger"
        phone = Phone(stranger(MODEL), state, f"usbredir:{guest.socket(XHCI_2)}", "brom")
        self.addCleanup(phone.stop)
        self.wait_in_guest("test -c /dev/ttyACM0")
        return state

    def flash_beside(self):
        """The stranger is there first, so that whoever takes the first port that comes takes it."""
        identity = self.new_phone(MODEL)
        state = self.plug_in_stranger()
        before = self.phone_log(state)
        self.expect(self.tool("info", "--timeout", "3"), 5)
        self.assertEqual(self.phone_log(state), before)
        job = self.start("flash", firmware(MODEL))
        self.plug_in(MODEL)
        self.expect(self.finish(job), OK)
        self.assert_whole(MODEL, identity)
        self.assertEqual(self.phone_log(state), before)
        return state

    def test_it_is_left_alone(self):
        state = self.flash_beside()
        before = self.phone_log(state)
        # The log would tell: this is what it says when the tool is sent there on purpose.
        self.tool("info", "--port", f"usb:{PORTS[XHCI_2]}", "--timeout", "20")
        self.assertNotEqual(self.phone_log(state), before)


class StrangerWithModemManager(ModemManagerCase):
    plug_in_stranger = Stranger.plug_in_stranger

    def test_it_stays_with_modem_manager_while_the_phone_is_flashed(self):
        identity = self.new_phone(MODEL)
        self.install_rule()
        self.plug_in_stranger()
        self.wait_for_probing("ttyACM0")
        job = self.start("flash", firmware(MODEL))
        self.plug_in(MODEL)
        self.expect(self.finish(job), OK)
        self.assert_whole(MODEL, identity)
        self.assertEqual(self.spoken_to(), {"ttyACM0"})
