# SPDX-License-Identifier: Apache-2.0
"""Every phone of data/phones with an XFlash or XML agent: a whole flash by preloader and by boot ROM, what it says of
itself, and what is read back."""

from harness import AGENT, FAILED_AFTER_WRITE, MEMORY, OK, REFUSED, SECURITY, Case, description, firmware, partitions

XFLASH = ("ulefone-power2", "bluboo-s1", "mt6765-emmc", "mt6833-ufs")
XML = ("mt6789-emmc", "mt6886-ufs")
LEGACY = ("mt6582", "mt6735", "tablet-8163", "pixi3-7")
VARIANTS = ("mt6765-emmc:newer", "mt6765-emmc:full-speed", "ulefone-power2:secured", "mt6765-emmc:login",
            "mt6765-emmc:agent-login", "mt6833-ufs:secured", "mt6789-emmc:secured", "mt6886-ufs:secured",
            "mt6886-ufs:locked", "mt6582:secured", "mt6735:secured")


class EveryPhone(Case):
    def flash(self, model, entry, listen):
        phone = self.phone(model, entry, listen)
        identity = self.identity(model)
        self.assertNotEqual(self.differing(model, firmware(model)), [], "a new phone holds other firmware")
        self.expect(self.tool("flash", firmware(model), "--port", phone.port, *self.signer(model)), OK)
        phone.stop()
        self.assert_flashed(model, firmware(model))
        self.assert_untouched(model, identity)
        verdict = self.boot_verdict(model)
        self.assertEqual((verdict["reaches"], verdict["radio"]), ("android", True), verdict)


def add_flash(model):
    name = model.replace("-", "_").replace(":", "_")

    def by_preloader(self):
        self.flash(model, "preloader", f"pty:{self.folder}/tty")

    def by_boot_rom(self):
        self.flash(model, "brom", "tcp:127.0.0.1:0")

    setattr(EveryPhone, f"test_{name}_by_preloader_over_pty", by_preloader)
    setattr(EveryPhone, f"test_{name}_by_boot_rom_over_tcp", by_boot_rom)


for one in XFLASH + XML + LEGACY + VARIANTS:
    add_flash(one)


class ReadBack(Case):
    def test_any_partition_is_read_as_it_is_stored(self):
        for model in ("mt6765-emmc", "mt6833-ufs", "mt6789-emmc", "mt6886-ufs"):
            self.state = self.folder / model
            for name in ("boot_a" if "boot_a" in partitions(model) else "boot", "seccfg"):
                with self.subTest(model=model, partition=name):
                    phone = self.phone(model, listen=f"unix:{self.folder}/{model}-{name}")
                    out = self.folder / f"{model}-{name}.img"
                    self.expect(self.tool("read", name, out, "--port", phone.port, *self.agent(model)), OK)
                    phone.stop()
                    part = partitions(model)[name]
                    self.assertEqual(out.stat().st_size, part["size"])
                    self.assertTrue(out.read_bytes() == self.held(part["region"], part["start"], part["size"]))

    def test_info_tells_what_the_agent_reports(self):
        for model, storage in (("mt6765-emmc", "eMMC"), ("mt6833-ufs", "UFS"), ("mt6886-ufs", "UFS")):
            with self.subTest(model=model):
                self.state = self.folder / model
                phone = self.phone(model, listen=f"unix:{self.folder}/{model}.port")
                run = self.expect(self.tool("info", "--port", phone.port, *self.agent(model)), OK)
                phone.stop()
                card = run.of("phone")[-1]
                self.assertIn(description(model)["chip"]["family"], card["agent"])
                self.assertIn(storage, str(card["facts"]))
                self.assertIn("nvram", [row["name"] for row in card["partitions"]])


class Locked(Case):
    def test_a_login_that_nobody_can_give_is_a_security_matter(self):
        for model, entry in (("mt6765-emmc:login", "brom"), ("mt6765-emmc:agent-login", "preloader"),
                             ("mt6886-ufs:secured", "preloader")):
            with self.subTest(model=model):
                self.state = self.folder / model
                phone = self.phone(model, entry, f"unix:{self.folder}/{model}.port")
                before = self.first_state(model)
                self.expect(self.tool("flash", firmware(model), "--port", phone.port), SECURITY)
                self.assert_untouched(model, before)

    def test_an_agent_without_the_makers_signature_is_told_from_a_broken_transfer(self):
        model = "ulefone-power2:secured"
        phone = self.phone(model, "brom")
        run = self.tool("flash", firmware(model), "--port", phone.port, "--da",
                        firmware("ulefone-power2") / "MTK_AllInOne_DA.bin")
        self.expect(run, SECURITY)
        self.assertIn("signature", run.of("error")[-1]["cause"] + run.of("error")[-1]["what"])


class ChipIdentity(Case):
    """The chip is told by what it reports; names only say what to look for."""

    def test_the_same_silicon_under_another_name_is_said_and_goes_on(self):
        phone = self.phone("bluboo-s1")
        run = self.expect(self.tool("flash", firmware("bluboo-s1"), "--port", phone.port), OK)
        phone.stop()
        self.assertEqual(description("bluboo-s1")["chip"]["name"], "MT6757D")
        said = {one["id"]: one["text"] for one in run.of("plan")[-1]["warnings"]}
        self.assertRegex(said["platform_suffix"], r"MT6757D.*MT6757\b")

    def test_another_chip_is_refused_with_the_name_to_look_for(self):
        phone = self.phone("bluboo-s1")
        before = self.first_state("bluboo-s1")
        run = self.tool("flash", firmware("bluboo-s1", "--foreign", "MT6750"), "--port", phone.port)
        self.expect(run, REFUSED)
        self.assertIn("MT6757", run.err)
        self.assert_untouched("bluboo-s1", before)


class Hostile(Case):
    def test_an_agent_that_asks_for_files_of_this_computer_gets_nothing(self):
        phone = self.phone("tiny-xml", fault="hostile=path")
        before = self.first_state("tiny-xml")
        run = self.expect(self.tool("flash", firmware("tiny-xml"), "--port", phone.port), SECURITY)
        self.assertIn("this computer", run.of("error")[-1]["what"])
        self.assert_untouched("tiny-xml", before)

    def test_absurd_answers_end_the_run(self):
        for fault in ("hostile=length", "hostile=xml", "hostile=progress"):
            with self.subTest(fault=fault):
                self.state = self.folder / fault
                phone = self.phone("tiny-xml", listen=f"unix:{self.folder}/{fault}.port", fault=fault)
                run = self.tool("flash", firmware("tiny-xml"), "--port", phone.port)
                self.assertIn(run.code, (MEMORY, AGENT, FAILED_AFTER_WRITE), str(run))
