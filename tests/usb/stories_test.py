# SPDX-License-Identifier: Apache-2.0
"""The seconds before flashing starts, as people told them: what the tool says while they plug in, and that it then
goes on by itself. The people's stories are in data/phones."""

import re
import sys
import time

from harness import AGENT, NO_PHONE, OK, ROOT, firmware
from usb_case import LIBUSB, PATIENCE, UsbCase, guest

sys.path.append(str(ROOT / "apps" / "cli" / "testing"))
from events_doc import EventsDoc  # noqa: E402

ADB, FASTBOOT = "face=18d1:4ee7", "face=0e8d:201c"
NEVER_ANSWERS = "silence=host:0"
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


def with_window(model, milliseconds):
    """The phone with a window of its own: a guest on a busy computer may take seconds to see a port."""
    file = guest.share / f"{model}-{milliseconds}.toml"
    text = (ROOT / "data" / "phones" / f"{model}.toml").read_text()
    text = re.sub(r"^(start_)?window_ms = .*\n", "", text, flags=re.MULTILINE)
    lines = f"[preloader]\nwindow_ms = {milliseconds}\nstart_window_ms = 5000\n"
    file.write_text(text.replace("[preloader]\n", lines, 1))
    return file


def patient(model):
    return with_window(model, 30000)


def short(model):
    return with_window(model, 4000)


class Story(UsbCase):
    def wait_for(self, model, *options, job=("info",)):
        """Somebody starts the tool; nothing is plugged in."""
        self.model = model
        self.job = self.start(*job, "--da", firmware(model) / "MTK_AllInOne_DA.bin", *options)
        self.said("plug_in")

    def said(self, advice):
        """Until the tool gives this advice."""
        job, _ = self.job
        guest.wait_for_output(job, f'"id":"{advice}"', PATIENCE)
        self.assertNotIn(job, guest.finished, f"the tool ended and never said {advice}: {self.printed()}")

    def seen(self, kind, face):
        """Until the timeline has this."""
        job, _ = self.job
        guest.wait_for_output(job, f'"kind":"{kind}","face":"{face}"', PATIENCE)
        self.assertNotIn(job, guest.finished, f"the tool ended and never saw {face}: {self.printed()}")

    def printed(self):
        job, _ = self.job
        return (guest.share / f"{job}.out").read_text()[-3000:]

    def plug(self, fault=None, windows=patient):
        return self.plug_in(self.model, fault=fault, windows=windows)

    def ends(self, code, *advice):
        """The whole of the advice, in order."""
        run = self.expect(self.finish(self.job), code)
        document = EventsDoc()
        for line in run.out.splitlines():
            document.check_line(line)
        given = [finding["id"] for finding in run.of("finding")]
        self.assertEqual(given, list(advice), str(run))
        return run


class NothingHappens(Story):
    """S1, Leagoo Z5, wants another recovery: "press Download, nothing happens"."""

    def test_first_nothing_then_android_then_the_phone_takes_its_recovery(self):
        model, recovery = "leagoo-z5", firmware("leagoo-z5") / "recovery.img"
        identity = self.new_phone(model)
        self.assertIn("recovery", self.differing(model, firmware(model)))
        self.wait_for(model, job=("write", "recovery", recovery))
        began = time.monotonic()
        self.said("try_keys")
        self.assertGreater(time.monotonic() - began, 10, "keys are not for the first moment")
        running = self.plug(ADB)
        self.said("adb_seen")
        running.stop()
        self.seen("left", "adb")
        phone = self.plug()
        run = self.ends(OK, "plug_in", "try_keys", "adb_seen")
        self.assertEqual([(event["kind"], event["face"]) for event in run.of("bus")][:3],
                         [("appeared", "adb"), ("left", "adb"), ("changed", "preloader")])
        self.assertEqual(run.of("phone")[-1]["chip"], "MT6580")
        phone.stop()
        self.assertNotIn("recovery", self.differing(model, firmware(model)))
        self.assert_untouched(model, identity)


class NoBattery(Story):
    """S4, HomTom HT3: the red bar fills, then a minute of silence."""

    def test_it_is_asked_for_and_the_tool_goes_on_by_itself(self):
        self.wait_for("homtom-ht3")
        self.plug("battery=out:9000")
        run = self.ends(OK, "plug_in", "agent_silent", "agent_answers")
        self.assertIn("da2", run.stages())

    def test_a_phone_that_stays_silent_is_given_up(self):
        self.wait_for("homtom-ht3", "--stage-timeout", "8")
        self.plug()
        run = self.ends(AGENT, "plug_in", "agent_silent")
        self.assertFalse(run.of("error")[-1]["began_writing"])


class Code43(Story):
    """S5, Ulefone Power 2: the computer cannot even ask what was plugged in."""

    def test_it_is_called_electrical_and_another_cable_helps(self):
        self.wait_for("ulefone-power2")
        broken = self.plug("face=dead")
        self.said("usb_descriptor_failed")
        broken.stop()
        self.plug()
        run = self.ends(OK, "plug_in", "usb_descriptor_failed")
        failed = [event for event in run.of("bus") if event["kind"] == "failed"]
        self.assertEqual({event["port"] for event in failed}, {LIBUSB})
        self.assertGreaterEqual(failed[-1]["errors"], 2)


    def test_a_user_who_may_not_read_the_kernels_log_is_told_as_well(self):
        self.model = "ulefone-power2"
        self.job = self.start("wait", "--timeout", "30", user=NOBODY)
        self.said("plug_in")
        self.plug("face=dead")
        self.said("bus_busy")
        self.ends(NO_PHONE, "plug_in", "bus_busy", "try_keys")


class ShortWindow(Story):
    """S6, Ulefone Power 2: the port comes for two seconds and goes."""

    def test_a_port_that_never_answered_is_told_with_its_time_and_caught_the_next_time(self):
        self.wait_for("ulefone-power2")
        deaf = self.plug(NEVER_ANSWERS, windows=short)
        self.said("left_again")
        self.said("booted_instead")
        deaf.stop()
        self.seen("left", "mtp")
        self.plug()
        run = self.ends(OK, "plug_in", "left_again", "booted_instead")
        events = run.of("bus")
        left = next(event for event in events if (event["kind"], event["face"]) == ("left", "preloader"))
        self.assertGreater(left["stayed_ms"], 500)
        self.assertIn(("changed", "mtp"), [(event["kind"], event["face"]) for event in events])


class BootsWhenPlugged(Story):
    """S10, a tablet that starts whenever it is plugged in, and shows fastboot only."""

    def test_the_way_from_fastboot_is_told_and_the_restart_is_caught(self):
        self.wait_for("tablet-8163")
        tablet = self.plug(FASTBOOT)
        self.said("fastboot_seen")
        tablet.stop()  # `fastboot reboot`: it leaves, and comes back through its preloader
        self.plug()
        run = self.ends(OK, "plug_in", "fastboot_seen")
        self.assertIn(("changed", "preloader", "fastboot of a MediaTek phone"),
                      [(event["kind"], event["face"], event["before"]) for event in run.of("bus")])

    def test_fastboot_alone_is_no_phone_to_flash(self):
        self.wait_for("tablet-8163", "--timeout", "15")
        self.plug(FASTBOOT)
        self.ends(NO_PHONE, "plug_in", "fastboot_seen")
