# SPDX-License-Identifier: Apache-2.0
"""Cables that are pulled, users who stop, phones that never come: what is said, and how the next run goes on."""

import fcntl
import os
import subprocess
import threading
import time
from pathlib import Path

from harness import (AGENT, BUILD, DIFFERS, FAILED_AFTER_WRITE, LOST, MEMORY, NO_PHONE, OK, PATIENCE, PORT, REFUSED, ROOT,
                     STOPPED, WRONG_USE, Case, firmware)

PHONE = "leagoo-z5"
SMALL = "tiny-6580"


def writing(event):
    return event["event"] == "progress" and event["stage"] == "write" and event["done"] > 0


class Interrupted(Case):
    def go_on_after(self, code, interrupt):
        folder = firmware(PHONE)
        phone = self.phone(PHONE)
        identity = self.identity(PHONE)
        run = self.tool_interrupted(writing, lambda process: interrupt(process, phone), "flash", folder, "--port", phone.port)
        self.expect(run, code)
        self.assertNotEqual(self.differing(PHONE, folder), [], "the flash was over before it was interrupted")
        phone.stop()
        self.assertTrue(self.boot_verdict(PHONE)["download_mode"])

        again = self.phone(PHONE, listen=f"unix:{self.folder}/again")
        self.expect(self.tool("flash", folder, "--port", again.port), OK)
        self.assert_flashed(PHONE, folder)
        self.assert_untouched(PHONE, identity)

    def test_a_pulled_cable_is_no_disaster(self):
        self.go_on_after(FAILED_AFTER_WRITE, lambda _, phone: phone.stop())

    def test_a_user_may_stop(self):
        self.go_on_after(STOPPED, lambda process, _: self.stop_by_signal(process))


class Unread(Case):
    """Output that nobody takes, as of a terminal that was stopped, keeps neither phone nor log waiting."""

    PIPE_SIZE = 4096  # bytes; the plan alone is longer

    def setUp(self):
        super().setUp()
        self.log = self.folder / "log"

    def flash_unread(self, folder, fault=None):
        phone = self.phone(PHONE, fault=fault)
        there, here = os.pipe()
        fcntl.fcntl(here, fcntl.F_SETPIPE_SZ, self.PIPE_SIZE)
        self.output = os.fdopen(there, "rb")
        self.addCleanup(self.output.close)
        self.process = subprocess.Popen(
            [BUILD / "mtkflash", "flash", folder, "--port", phone.port, "--json", "--log", self.log],
            stdin=subprocess.DEVNULL, stdout=here, stderr=here, env=self.environment)
        os.close(here)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)

    def wait_for_log(self, text):
        deadline = time.monotonic() + PATIENCE
        while not (self.log.exists() and text in self.log.read_text()):
            self.assertLess(time.monotonic(), deadline, f"the log does not say: {text}")
            time.sleep(0.05)
        self.assertIsNone(self.process.poll(), "nothing kept its output")

    def read_output(self, code):
        killer = threading.Timer(PATIENCE, self.process.kill)
        killer.start()
        said = self.output.read()
        killer.cancel()
        self.assertEqual(self.process.wait(PATIENCE), code)
        return said

    def test_the_phone_is_flashed_all_the_same(self):
        folder = firmware(PHONE)
        self.flash_unread(folder)
        self.wait_for_log(" exit 0\n")
        self.assert_flashed(PHONE, folder)
        self.assertIn(b'"event":"result"', self.read_output(OK))

    def test_ctrl_c_stops_it_all_the_same(self):
        self.flash_unread(firmware(PHONE), fault="slow=8")
        self.wait_for_log(" begin write ")
        self.stop_by_signal(self.process)
        self.wait_for_log(f" exit {STOPPED}\n")
        self.assertIn(b'"event":"error"', self.read_output(STOPPED))


class NotEvenStarted(Case):
    def test_no_phone_in_time(self):
        run = self.expect(self.tool("info", "--port", f"tty:{self.folder}/nothing", "--timeout", "1"), NO_PHONE)
        self.assertEqual(run.of("error")[-1]["exit"], NO_PHONE)

    def test_a_port_that_another_program_holds(self):
        phone = self.phone(SMALL, listen=f"pty:{self.folder}/tty")
        with open(self.folder / "tty", "rb", buffering=0) as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            self.expect(self.tool("info", "--port", phone.port, "--timeout", "1"), PORT)

    def test_a_command_that_does_not_exist(self):
        self.expect(self.tool("flahs"), WRONG_USE)


class Told(Case):
    """A failure names its stage, the phone's own word, and whether something was written."""

    def test_an_agent_that_refuses_a_packet(self):
        phone = self.phone(SMALL, fault="nack=0xC0B@1")
        run = self.expect(self.tool("flash", firmware(SMALL), "--port", phone.port), FAILED_AFTER_WRITE)
        error = run.of("error")[-1]
        self.assertEqual((error["stage"], error["kind"], error["code"]), ("write", "device status", 0xC0B))
        self.assertTrue(error["began_writing"])
        self.assertEqual(error["half_written"], "lk")
        self.assertTrue(error["next_actions"])

    def test_a_phone_that_falls_silent_while_it_is_identified(self):
        phone = self.phone(SMALL, fault="silence=40")
        run = self.expect(self.tool("flash", firmware(SMALL), "--port", phone.port), LOST)
        self.assertFalse(run.of("error")[-1]["began_writing"])

    def test_a_phone_without_its_battery(self):
        phone = self.phone("homtom-ht3")
        run = self.expect(self.tool("flash", firmware("homtom-ht3"), "--port", phone.port, "--stage-timeout", "6"), AGENT)
        self.assertIn("agent_silent", [finding["id"] for finding in run.of("finding")])
        self.assertTrue(any("battery" in action for action in run.of("error")[-1]["next_actions"]))

    def test_memory_that_the_firmware_does_not_know(self):
        model = "archos-40-titanium"
        another = self.folder / "another.toml"  # the same phone, sold with the memory that its preloader now asks for
        another.write_text((ROOT / "data" / "phones" / f"{model}.toml").read_text().replace("installed_ids", "ids", 1))
        phone = self.phone(model, entry="brom")
        before = self.first_state(model)
        run = self.expect(self.tool("flash", firmware(another), "--port", phone.port), MEMORY)
        self.assertIn("memory_failed", [finding["id"] for finding in run.of("finding")])
        phone.stop()
        self.assert_untouched(model, before)

        phone = self.phone(model, entry="brom")
        own = firmware(model) / "preloader_archos40ti.bin"
        self.expect(self.tool("info", *self.agent(model), "--preloader", own, "--port", phone.port), OK)

    def test_a_phone_whose_answers_are_absurd(self):
        phone = self.phone(SMALL, fault="hostile")
        run = self.expect(self.tool("flash", firmware(SMALL), "--port", phone.port), AGENT)
        self.assertFalse(run.of("error")[-1]["began_writing"])


class Identity(Case):
    def test_erasing_it_needs_its_name(self):
        phone = self.phone(SMALL)
        before = self.first_state(SMALL)
        self.expect(self.tool("erase", "nvram", "--port", phone.port, *self.agent(SMALL)), REFUSED)
        self.assert_untouched(SMALL, before)

    def test_it_is_kept_before_the_first_write(self):
        phone = self.phone(SMALL)
        before = self.identity(SMALL)
        run = self.expect(self.tool("flash", firmware(SMALL), "--port", phone.port), OK)
        stages = run.stages()
        self.assertLess(stages.index("backup"), stages.index("write"))
        kept = Path(run.of("result")[-1]["identity_folder"])
        self.assertTrue(kept.is_relative_to(self.folder / "home"))
        copies = [path.read_bytes() for path in kept.rglob("*") if path.is_file()]
        for name, data in before.items():
            self.assertIn(data, copies, f"no copy of {name} is kept")


class Verified(Case):
    def test_a_bit_that_flips_in_the_card_is_found(self):
        phone = self.phone(SMALL, fault="flip=card:0x10400")
        self.expect(self.tool("flash", firmware(SMALL), "--port", phone.port), DIFFERS)


class Boots(Case):
    def test_a_new_phone_and_a_flashed_one_start_android(self):
        phone = self.phone(SMALL)
        self.assertEqual(self.boot_verdict(SMALL)["reaches"], "android")
        self.expect(self.tool("flash", firmware(SMALL), "--port", phone.port), OK)
        phone.stop()
        self.assertEqual(self.boot_verdict(SMALL)["reaches"], "android")

    def test_a_phone_without_lk_is_said_to_stop_there(self):
        phone = self.phone(SMALL)
        self.expect(self.tool("erase", "lk", "--port", phone.port, *self.agent(SMALL)), OK)
        phone.stop()
        self.assertEqual(self.boot_verdict(SMALL)["reaches"], "preloader")
