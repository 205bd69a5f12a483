# SPDX-License-Identifier: Apache-2.0
"""Cables that are pulled, users who stop, phones that never come: what is said, and how the next run goes on."""

from harness import DIFFERS, FAILED_AFTER_WRITE, NO_PHONE, OK, PORT, STOPPED, WRONG_USE, Case, firmware

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


class NotEvenStarted(Case):
    def test_no_phone_in_time(self):
        run = self.expect(self.tool("info", "--port", f"tty:{self.folder}/nothing", "--timeout", "1"), NO_PHONE)
        self.assertEqual(run.of("error")[-1]["exit"], NO_PHONE)

    def test_a_port_that_may_not_be_opened(self):
        path = self.folder / "file"
        path.write_text("not a port")
        self.expect(self.tool("info", "--port", f"tty:{path}", "--timeout", "1"), PORT)

    def test_a_command_that_does_not_exist(self):
        self.expect(self.tool("flahs"), WRONG_USE)


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
        self.expect(self.tool("erase", "lk", "--port", phone.port), OK)
        phone.stop()
        self.assertEqual(self.boot_verdict(SMALL)["reaches"], "preloader")
