# SPDX-License-Identifier: Apache-2.0
"""Every phone of data/phones and every variant: a whole flash by preloader and by boot ROM, what it says of itself,
and what is read back."""

import os
import re
import struct
import unittest
from dataclasses import dataclass

from harness import (AGENT, AREA_FILES, FAILED_AFTER_WRITE, MEMORY, OK, REFUSED, ROOT, SECURITY, Case, description, firmware,
                     partitions)

LISTEN = {"preloader": "pty:{folder}/tty", "brom": "tcp:127.0.0.1:0"}
PHONES = sorted(path.stem for path in (ROOT / "data" / "phones").glob("*.toml"))
VARIANTS = [f"{phone}:{variant}" for phone in PHONES for variant in sorted(description(phone).get("variant", {}))]


@dataclass(frozen=True)
class Usual:
    """What a flash needs and what the phone does after it."""

    entries: tuple = tuple(LISTEN)
    fault: str | None = None
    reaches: str = "android"
    why: str = "boot image is good"
    radio: bool = True


# Phones that differ; what is said of a phone holds for its variants, too.
EXCEPTIONS = {
    # Its preloader is another phone's and starts no memory, so it shows no port.
    "archos-40-titanium": Usual(entries=("brom",)),
    # Slot b is active and the firmware is for slot a: the phone stays dead although everything was written.
    "bluboo-s1-slots": Usual(reaches="preloader", why="lk has no MTK image header (slot b is active)"),
    # The battery lies on the table until somebody puts it in.
    "homtom-ht3": Usual(fault="battery=in"),
    # What is raw NAND is never flashed as a whole; what may be done with it is below.
    "tiny-xflash:nand": Usual(entries=()),
    "tiny-xml:nand": Usual(entries=()),
    # Only the boot ROM asks for the certificate and the authentication file.
    "mt6735:certified": Usual(entries=("brom",)),
    # Calibration that was lost before does not come back with the firmware.
    "ulefone-power2:no-radio": Usual(radio=False),
}


def expectation(model):
    return EXCEPTIONS.get(model) or EXCEPTIONS.get(model.partition(":")[0], Usual())


class EveryPhone(Case):
    def credentials(self, model):
        """What the maker gives out with a phone like this: signer, authentication file, certificate."""
        security = description(model).get("security", {})
        files = {"auth": "auth_sv5.auth", "cert": "root.cert"}
        given = [(f"--{kind}", firmware(model) / name) for kind, name in files.items() if security.get(kind)]
        return *self.signer(model), *(word for option in given for word in option)

    def flash(self, model, entry):
        usual = expectation(model)
        phone = self.phone(model, entry, LISTEN[entry].format(folder=self.folder), usual.fault)
        identity = self.identity(model)
        self.assertNotEqual(self.differing(model, firmware(model)), [], "a new phone holds other firmware")
        self.expect(self.tool("flash", firmware(model), "--port", phone.port, *self.credentials(model)), OK)
        phone.stop()
        self.assert_flashed(model, firmware(model))
        self.assert_untouched(model, identity)
        verdict = self.boot_verdict(model)
        self.assertEqual((verdict["reaches"], verdict["why"], verdict["radio"]),
                         (usual.reaches, usual.why, usual.radio), verdict)


def add_flash(model, entry):
    port = {"preloader": "preloader_over_pty", "brom": "boot_rom_over_tcp"}[entry]
    name = re.sub(r"\W", "_", model)
    setattr(EveryPhone, f"test_{name}_by_{port}", lambda self: self.flash(model, entry))


# A phone as it is sold is flashed both ways. Variants take turns, one way each, which keeps the whole within minutes.
for one in PHONES:
    for way in expectation(one).entries:
        add_flash(one, way)
for turn, one in enumerate(VARIANTS):
    ways = expectation(one).entries
    if ways:
        add_flash(one, ways[turn % len(ways)])


class Folder(unittest.TestCase):
    def test_exceptions_are_made_for_phones_that_exist(self):
        self.assertLessEqual(set(EXCEPTIONS), {*PHONES, *VARIANTS})

    def test_every_phone_has_a_secured_variant(self):
        self.assertEqual([phone for phone in PHONES if f"{phone}:secured" not in VARIANTS], [])


class ByName(Case):
    def test_a_partition_that_takes_no_raw_write_is_written_by_name(self):
        model = "mt6789-emmc:by-name"
        phone = self.phone(model)
        self.assertEqual({"lk_a", "boot_a"} & set(self.differing(model, firmware(model))), {"lk_a", "boot_a"})
        self.expect(self.tool("flash", firmware(model), "--only", "lk_a,boot_a", "--port", phone.port,
                              *self.signer(model)), OK)
        phone.stop()
        self.assertEqual({"lk_a", "boot_a"} & set(self.differing(model, firmware(model))), set())
        log = (self.folder / "phone.log").read_text()
        self.assertRegex(log, r"boot_a takes no raw write\n.*Security deny for \[EMMC-USER\]\.\n"
                              r".*command WRITE-PARTITION\n.*wants boot_a\n")
        self.assertEqual((log.count("command WRITE-FLASH"), log.count("command WRITE-PARTITION")), (2, 1), log)


    def test_what_an_xflash_phone_protects_is_written_and_erased_by_name(self):
        model = "tiny-xflash:secured"
        phone = self.phone(model)
        given = ("--port", phone.port, *self.signer(model), *self.agent(model))
        self.expect(self.tool("write", "boot", firmware(model) / "boot.img", *given), OK)
        phone.stop()
        self.assertNotIn("boot", self.differing(model, firmware(model)))
        log = (self.folder / "phone.log").read_text()
        self.assertIn("boot takes an image", log)
        self.assertIn("C002000C", log)
        phone = self.phone(model)
        self.expect(self.tool("erase", "boot", *given), OK)
        phone.stop()
        self.assertEqual(self.partition(model, "boot").strip(b"\xff\0"), b"")


class BothWays(Case):
    """The phones of all families by either entry over every kind of port."""

    def test_the_same_flash_over_every_port(self):
        for model in ("tiny-6580", "tiny-xflash", "tiny-xml"):
            for entry in LISTEN:
                for kind, port in LISTEN.items():
                    with self.subTest(model=model, entry=entry, port=port):
                        self.state = self.folder / f"{model}-{entry}-{kind}"
                        phone = self.phone(model, entry, port.format(folder=self.folder))
                        self.expect(self.tool("flash", firmware(model), "--port", phone.port), OK)
                        phone.stop()
                        self.assert_flashed(model, firmware(model))
                        self.assertEqual(self.boot_verdict(model)["reaches"], "android")


class Nand(Case):
    """A phone whose agent shows its storage as raw NAND, with a partition list in the last two blocks."""

    BLOCK = 0x8000

    def nand_phone(self):
        model = "tiny-xflash:nand"
        self.boot_verdict(model)  # makes what a new phone holds
        entries = [struct.pack("<64sQQII", name.encode(), part["size"], part["start"], 0, 0)
                   for name, part in partitions("tiny-xflash").items() if part["region"] == "EMMC_USER"]
        with (self.state / "user").open("r+b") as storage:
            storage.seek(-2 * self.BLOCK, os.SEEK_END)
            storage.write(b"1vTP" + bytes(4) + b"".join(entries) + bytes(88))
        return self.phone(model)

    def test_is_read_by_place_and_written_by_name(self):
        phone = self.nand_phone()
        image = firmware("tiny-xflash") / "boot.img"
        self.assertIn("boot", self.differing("tiny-xflash", firmware("tiny-xflash")))
        given = ("--port", phone.port, *self.agent("tiny-xflash"))
        run = self.expect(self.tool("write", "boot", image, *given), OK)
        self.assertEqual([one["outcome"] for one in run.of("result")[-1]["partitions"] if one["name"] == "boot"],
                         ["written", "verified"])
        phone.stop()
        self.assertNotIn("boot", self.differing("tiny-xflash", firmware("tiny-xflash")))
        log = (self.folder / "phone.log").read_text()
        self.assertEqual((log.count("boot takes an image"), log.count("says: writing")), (1, 1), log[-2000:])

    def test_is_not_changed_where_no_partition_is_named(self):
        phone = self.nand_phone()
        before = self.first_state("tiny-xflash")
        run = self.tool("write", "nand+0x10000:0x8000", firmware("tiny-xflash") / "boot.img", "--erase-identity",
                        "nvram", "--port", phone.port, *self.agent("tiny-xflash"))
        self.expect(run, REFUSED)
        phone.stop()
        self.assert_untouched("tiny-xflash", before)


class ReadBack(Case):
    def read(self, model, names):
        """All of them in one run; each must be what the phone holds."""
        self.state = self.folder / model
        phone = self.phone(model, listen=f"unix:{self.folder}/{model}.port")
        items = [word for name in names for word in (name, self.folder / f"{model}-{name}.img")]
        self.expect(self.tool("read", *items, "--port", phone.port, *self.agent(model)), OK)
        phone.stop()
        for name in names:
            with self.subTest(model=model, partition=name):
                part = partitions(model)[name]
                size = part["size"] if name != "preloader" else (self.state / AREA_FILES[part["region"]]).stat().st_size
                out = self.folder / f"{model}-{name}.img"
                self.assertEqual(out.stat().st_size, size)
                self.assertTrue(out.read_bytes() == self.held(part["region"], part["start"], size))

    def test_every_partition_of_a_small_phone_is_read_as_it_is_stored(self):
        for model in ("tiny-6580", "tiny-xflash", "tiny-xml"):
            self.read(model, [name for name, part in partitions(model).items()
                              if name == "preloader" or name not in ("pgpt", "sgpt") and part["start"] >> 16 != 0xFFFF])

    def test_partitions_of_larger_storage_are_read_as_they_are_stored(self):
        for model in ("mt6765-emmc", "mt6833-ufs", "mt6789-emmc", "mt6886-ufs"):
            self.read(model, ["boot_a" if "boot_a" in partitions(model) else "boot", "seccfg"])

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
        for model, entry in (("mt6765-emmc:secured", "brom"), ("mt6765-emmc:agent-login", "preloader"),
                             ("mt6886-ufs:secured", "preloader"), ("leagoo-z5:secured", "brom")):
            with self.subTest(model=model):
                self.state = self.folder / model
                phone = self.phone(model, entry, f"unix:{self.folder}/{model}.port")
                before = self.first_state(model)
                self.expect(self.tool("flash", firmware(model), "--port", phone.port), SECURITY)
                self.assert_untouched(model, before)

    def test_an_agent_without_the_makers_signature_is_told_from_a_broken_transfer(self):
        model = "ulefone-power2:signed"
        phone = self.phone(model, "brom")
        run = self.tool("flash", firmware(model), "--port", phone.port, "--da",
                        firmware("ulefone-power2") / "MTK_AllInOne_DA.bin")
        self.expect(run, SECURITY)
        self.assertIn("signature", run.of("error")[-1]["cause"] + run.of("error")[-1]["what"])
        other = [one["text"] for one in run.of("finding") if one["id"] == "other_agent"]
        self.assertEqual(len(other), 1, str(run))
        self.assertIn(str(firmware(model)), other[0])


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

    def test_storage_of_a_size_that_no_phone_has_is_not_written_to(self):
        phone = self.phone("tiny-xflash", fault="hostile")
        before = self.first_state("tiny-xflash")
        run = self.expect(self.tool("flash", firmware("tiny-xflash"), "--port", phone.port), REFUSED)
        self.assertIn("18446744073709551104 bytes", run.err)
        self.assert_untouched("tiny-xflash", before)

    def test_absurd_answers_end_the_run(self):
        for fault in ("hostile=length", "hostile=xml", "hostile=progress"):
            with self.subTest(fault=fault):
                self.state = self.folder / fault
                phone = self.phone("tiny-xml", listen=f"unix:{self.folder}/{fault}.port", fault=fault)
                run = self.tool("flash", firmware("tiny-xml"), "--port", phone.port)
                self.assertIn(run.code, (MEMORY, AGENT, FAILED_AFTER_WRITE), str(run))
