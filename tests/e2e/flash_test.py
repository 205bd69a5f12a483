# SPDX-License-Identifier: Apache-2.0
"""A whole flash, over every kind of port and both ways into the phone."""

import subprocess

from harness import BAD_FILE, OK, REFUSED, Case, firmware

PHONE = "leagoo-z5"
SMALL = "tiny-6580"


class WholeFlash(Case):
    def flash(self, model, entry, listen):
        phone = self.phone(model, entry, listen)
        folder = firmware(model)
        identity = self.identity(model)
        run = self.expect(self.tool("flash", folder, "--port", phone.port), OK)
        self.assert_flashed(model, folder)
        self.assert_untouched(model, identity)
        self.assertEqual(run.of("result")[-1]["exit"], OK)
        return run

    def test_preloader_over_pty(self):
        self.flash(PHONE, "preloader", f"pty:{self.folder}/tty")

    def test_preloader_over_tcp(self):
        self.flash(PHONE, "preloader", "tcp:127.0.0.1:0")

    def test_preloader_over_unix_socket(self):
        self.flash(PHONE, "preloader", f"unix:{self.folder}/port")

    def test_boot_rom_over_pty(self):
        self.flash(PHONE, "brom", f"pty:{self.folder}/tty")

    def test_boot_rom_over_tcp(self):
        self.flash(SMALL, "brom", "tcp:127.0.0.1:0")

    def test_boot_rom_over_unix_socket(self):
        self.flash(SMALL, "brom", f"unix:{self.folder}/port")

    def test_every_stage_is_told(self):
        stages = self.flash(SMALL, "brom", f"unix:{self.folder}/port").stages()
        wanted = ["connect", "brom", "da1", "da2", "backup", "write", "verify", "reboot"]
        self.assertEqual([stage for stage in dict.fromkeys(stages) if stage in wanted], wanted)

    def test_what_is_read_back_is_what_was_flashed(self):
        self.flash(SMALL, "preloader", f"unix:{self.folder}/port")
        for partition, name in (("lk", "lk.bin"), ("boot", "boot.img")):
            phone = self.phone(SMALL, listen=f"unix:{self.folder}/again-{partition}")
            out = self.folder / name
            self.expect(self.tool("read", partition, out, "--port", phone.port, *self.agent(SMALL)), OK)
            phone.stop()
            image = (firmware(SMALL) / name).read_bytes()
            self.assertEqual(out.read_bytes()[:len(image)], image)


class Refusals(Case):
    """What must not be written is found before the first write; the phone is left as it was."""

    def refuses(self, folder, *codes, model=SMALL):
        phone = self.phone(model)
        before = self.first_state(model)
        run = self.tool("flash", folder, "--port", phone.port)
        self.assertIn(run.code, codes, str(run))
        self.assertNotIn("write", run.stages())
        self.assert_untouched(model, before)
        error = run.of("error")[-1]
        self.assertEqual(error["exit"], run.code)
        return error

    def test_firmware_of_another_chip(self):
        self.refuses(firmware("leagoo-z5", "--foreign", "MT6572"), REFUSED, model="leagoo-z5")

    def test_image_larger_than_its_partition(self):
        self.refuses(firmware(SMALL, "--oversize", "lk"), REFUSED)

    def test_sparse_image_that_unpacks_to_more_than_its_partition(self):
        self.refuses(firmware(SMALL, "--oversize", "system"), REFUSED)

    def test_image_that_is_an_error_page(self):
        self.refuses(firmware(SMALL, "--html", "boot.img"), REFUSED, BAD_FILE)

    def test_image_that_is_missing(self):
        self.refuses(firmware(SMALL, "--missing", "boot.img"), REFUSED, BAD_FILE)


class WithoutPhone(Case):
    def test_a_plan_lists_every_step_and_keeps_identity_first(self):
        run = self.expect(self.tool("plan", firmware(SMALL)), OK)
        steps = [(step["step"], step.get("partition")) for step in run.of("plan")[-1]["steps"]]
        self.assertEqual(steps[0], ("keep", "proinfo"))
        self.assertEqual(steps[-1], ("reboot", None))
        writes = [name for kind, name in steps if kind == "write"]
        self.assertEqual(writes, ["lk", "boot", "recovery", "logo", "system", "preloader"])

    def test_a_folder_that_is_fine_passes_the_check(self):
        self.expect(self.tool("check", firmware(PHONE)), OK)

    def test_a_broken_folder_does_not(self):
        for option in (("--oversize", "lk"), ("--html", "boot.img"), ("--missing", "boot.img")):
            with self.subTest(option=option):
                self.expect(self.tool("check", firmware(SMALL, *option)), BAD_FILE)


class OtherTools(Case):
    def test_an_independent_tool_finds_the_partitions(self):
        phone = self.phone("leagoo-z5")
        self.expect(self.tool("flash", firmware("leagoo-z5"), "--port", phone.port), OK)
        phone.stop()
        listed = subprocess.run(["sgdisk", "--print", self.state / "user"], capture_output=True, text=True).stdout
        for name in ("nvram", "boot", "system", "userdata"):
            self.assertRegex(listed, rf"\b{name}\b")
