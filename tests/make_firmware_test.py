#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads back what tools/make-firmware writes, with readers that share no code with it, and simg2img as a second
opinion on sparse files."""

import hashlib
import struct
import subprocess
import tempfile
import tomllib
import unittest
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODELS = sorted(path.stem for path in (ROOT / "data" / "phones").glob("*.toml"))


def run(*options):
    command = [str(ROOT / "tools" / "make-firmware"), *map(str, options)]
    return subprocess.run(command, capture_output=True, text=True)


def read_scatter(path):
    """(general, entries) by the line rule of the format: a dash before a known key opens something new."""
    general, entries = {}, []
    current = general
    for line in path.read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        key, _, value = line.strip().removeprefix("- ").partition(":")
        if key == "partition_index":
            current = {}
            entries.append(current)
        current.setdefault(key, value.strip())
    return general, entries


def unsparse(data):
    magic, major, minor, head, chunk_head, block, blocks, chunks, _ = struct.unpack_from("<IHHHHIIII", data)
    assert (magic, major, minor, head, chunk_head) == (0xED26FF3A, 1, 0, 28, 12)
    out, at, kinds, covered = b"", head, [], 0
    for _ in range(chunks):
        kind, _, count, total = struct.unpack_from("<HHII", data, at)
        body = data[at + 12:at + total]
        at += total
        covered += count
        kinds.append(kind)
        if kind == 0xCAC1:
            assert len(body) == count * block
            out += body
        elif kind == 0xCAC2:
            out += body * (count * block // 4)
        elif kind == 0xCAC3:
            out += bytes(count * block)
        else:
            assert kind == 0xCAC4 and count == 0
            assert struct.unpack("<I", body)[0] == zlib.crc32(out)
    assert at == len(data) and covered == blocks
    return out, set(kinds)


def for_every_model(test):
    """Runs a test once per model, with (model, folder, general part and entries of the scatter file)."""

    def run_all(self):
        for name, folder in self.folders.items():
            with self.subTest(model=name):
                model = tomllib.loads((ROOT / "data" / "phones" / f"{name}.toml").read_text())
                (scatter,) = folder.glob("*_Android_scatter.txt")
                test(self, model, folder, *read_scatter(scatter))

    return run_all


class Folder(unittest.TestCase):
    """One folder per model, made once."""

    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory(prefix="mtkflash-firmware-")
        cls.folders = {}
        for name in MODELS:
            folder = Path(cls.kept.name) / name
            made = run("--model", name, "--out", folder)
            assert made.returncode == 0, made.stderr
            cls.folders[name] = folder

    @classmethod
    def tearDownClass(cls):
        cls.kept.cleanup()

    def downloads(self, folder, entries):
        return [(entry, (folder / entry["file_name"]).read_bytes())
                for entry in entries if entry["is_download"] == "true"]

    def test_there_are_models(self):
        self.assertIn("leagoo-z5", MODELS)
        self.assertIn("tiny-6580", MODELS)

    @for_every_model
    def test_the_scatter_describes_the_phone_of_the_model(self, model, folder, general, entries):
        self.assertEqual(general["general"], "MTK_PLATFORM_CFG")
        self.assertEqual(general["config_version"], model["scatter"].get("config_version", "V1.1.2"))
        self.assertEqual(general["platform"], model["chip"]["name"])
        self.assertEqual(general["project"], model["scatter"]["project"])
        self.assertTrue((folder / f"{general['platform']}_Android_scatter.txt").is_file())
        got = [(e["partition_name"], int(e["physical_start_addr"], 16), int(e["partition_size"], 16)) for e in entries]
        self.assertEqual(got, [(p["name"], p["start"], p["size"]) for p in model["partition"]])
        self.assertEqual([e["partition_index"] for e in entries], [f"SYS{i}" for i in range(len(entries))])

    def test_the_scatter_opens_like_the_generators_own(self):
        text = (self.folders["leagoo-z5"] / "MT6580_Android_scatter.txt").read_text()
        self.assertTrue(text.startswith("#" * 108 + "\n#\n#  General Setting\n#\n" + "#" * 108 + "\n- general: "))
        self.assertIn("\n  info: \n    - config_version: V1.1.2\n      platform: MT6580\n", text)
        self.assertTrue(text.endswith("  reserve: 0x00\n\n"))

    @for_every_model
    def test_every_image_is_there_and_fits(self, model, folder, general, entries):
        for entry, data in self.downloads(folder, entries):
            size = len(unsparse(data)[0]) if data[:4] == b"\x3a\xff\x26\xed" else len(data)
            self.assertLessEqual(size, int(entry["partition_size"], 16), entry["partition_name"])

    @for_every_model
    def test_checksums_are_byte_sums(self, model, folder, general, entries):
        lines = (folder / "Checksum.ini").read_text().split("[CheckSum]\n")[1].splitlines()
        wanted = {e["partition_name"]: sum(data) % 65536 for e, data in self.downloads(folder, entries)}
        self.assertEqual({k: int(v, 16) for k, v in (line.split("=") for line in lines)}, wanted)

    @for_every_model
    def test_the_preloader_is_a_signed_gfh_image(self, model, folder, general, entries):
        data = (folder / f"preloader_{general['project']}.bin").read_bytes()
        types, at = [], 0
        while data[at:at + 3] == b"MMM":
            size, kind = struct.unpack_from("<HH", data, at + 4)
            types.append(kind)
            at += size
        self.assertEqual(types, [0, 1, 7, 3, 2, 8] if model["preloader"]["generation"] == "A" else [0, 1, 7, 2, 8])
        self.assertEqual(data[8:20], b"FILE_INFO\0\0\0")
        signature_type = data[0x1B]
        _, length, _, content, signature, jump = struct.unpack_from("<IIIIII", data, 0x1C)
        self.assertEqual((signature_type, length, signature, jump), (1, len(data), 0x20, content))
        self.assertLessEqual(at, content)
        self.assertEqual(data[-0x20:], hashlib.sha256(data[:-0x20]).digest())

    @for_every_model
    def test_the_preloader_ends_in_the_memory_settings_of_the_phone(self, model, folder, general, entries):
        data = (folder / f"preloader_{general['project']}.bin").read_bytes()
        (size,) = struct.unpack_from("<I", data, len(data) - 0x24)
        block = data[len(data) - 0x24 - size:len(data) - 0x24]
        version = model.get("memory", {}).get("emi_version", 21)
        self.assertEqual(block[:20], f"MTK_BLOADER_INFO_v{version:02}".encode())
        self.assertEqual((block[0x58:0x5C], block[0x64:0x6C]), (b"V116", b"MTK_BIN\0"))
        (count,) = struct.unpack_from("<I", block, 0x6C)
        record = model.get("memory", {}).get("record_size", 188)
        self.assertEqual(size, 0x70 + record * count)
        id_at = 4 if version == 11 else 0x10
        ids = [block[0x70 + record * i + id_at:][:9] for i in range(count)]
        self.assertIn(bytes.fromhex(model["storage"]["cid"])[:9], ids)

    def agents(self, data):
        """The rows of every entry of a container: code, then file offset, length, address, signature place and length."""
        self.assertEqual(data[:18], b"MTK_DOWNLOAD_AGENT")
        four, magic, count = struct.unpack_from("<III", data, 0x60)
        self.assertEqual((four, magic), (4, 0x22668899))
        for at in range(0x6C, 0x6C + 0xDC * count, 0xDC):
            dada, code = struct.unpack_from("<HH", data, at)
            (regions,) = struct.unpack_from("<H", data, at + 18)
            self.assertEqual((dada, regions), (0xDADA, 3))
            yield code, [struct.unpack_from("<IIIII", data, at + 20 + 20 * r) for r in range(3)]

    def container_code(self, model):
        """The key of the chip in agent files."""
        code = model["chip"]["hw_code"]
        for path in (ROOT / "data" / "chips").glob("*.toml"):
            chip = tomllib.loads(path.read_text())
            if chip.get("hw_code") == code:
                parent = tomllib.loads((ROOT / "data" / "chips" / f"{chip['inherits']}.toml").read_text())
                return chip.get("da_entry_hw_code", parent.get("da_entry_hw_code", code))
        raise AssertionError(f"no chip {code:#x}")

    @for_every_model
    def test_the_agent_container_holds_an_agent_for_the_chip(self, model, folder, general, entries):
        data = (folder / "MTK_AllInOne_DA.bin").read_bytes()
        family = model["chip"]["family"]
        if family == "xml":
            return
        digest = hashlib.sha1 if family == "legacy" else hashlib.sha256
        ends, starts, codes = [], [], []
        for code, rows in self.agents(data):
            codes.append(code)
            stub, da1, da2 = (data[offset:offset + length] for offset, length, *_ in rows)
            starts += [row[0] for row in rows]
            ends += [row[0] + row[1] for row in rows]
            self.assertEqual((len(stub), stub[:4], stub[0x18]), (0x270, b"MMM\x01", 7))
            for _, length, _, signature_at, signature in rows[1:]:
                self.assertEqual((signature_at, signature), (length - 0x100, 0x100))
            self.assertIn(digest(da2[:-0x100]).digest(), da1[:-0x100])
        self.assertIn(self.container_code(model), codes)
        self.assertEqual((min(starts), max(ends)), (0x119C, len(data)))

    @for_every_model
    def test_the_container_of_an_xml_agent_has_one_entry_and_absolute_signatures(self, model, folder, general, entries):
        data = (folder / "MTK_AllInOne_DA.bin").read_bytes()
        if model["chip"]["family"] != "xml":
            self.assertNotIn(b"MTK_DA_v6", data[0x20:0x60])
            return
        self.assertIn(b"MTK_DA_v6", data[0x20:0x60])
        ((code, rows),) = self.agents(data)
        self.assertEqual(code, self.container_code(model))
        self.assertEqual(rows[0], rows[1])
        self.assertEqual((rows[1][0], rows[2][0] + rows[2][1]), (0xBC, len(data)))
        for offset, length, _, signature_at, signature in rows:
            self.assertEqual((signature_at, signature), (offset + length - 0x100, 0x100))
        da1, da2 = (data[offset:offset + length] for offset, length, *_ in rows[1:])
        self.assertEqual(da1[-0x130:-0x110], hashlib.sha256(da2[:-0x100]).digest())

    def files_of(self, model, test):
        return sorted({part["file_name"] for part in model["partition"]
                       if "file_name" in part and part.get("is_download", True) and test(part)})

    @for_every_model
    def test_sparse_files_use_every_kind_of_chunk_and_simg2img_agrees(self, model, folder, general, entries):
        for name in self.files_of(model, lambda part: part.get("sparse")):
            data = (folder / name).read_bytes()
            plain, kinds = unsparse(data)
            self.assertLessEqual({0xCAC1, 0xCAC2, 0xCAC4}, kinds)
            out = folder / "sparse.raw"
            subprocess.run(["simg2img", folder / name, out], check=True)
            self.assertTrue(out.read_bytes() == plain)
            out.unlink()

    @for_every_model
    def test_boot_images_hold_a_kernel_and_a_ramdisk_with_headers(self, model, folder, general, entries):
        for name in self.files_of(model, lambda part: part.get("image", part.get("content")) == "android"):
            second = b"RECOVERY\0" if "recovery" in name else b"ROOTFS\0"
            data = (folder / name).read_bytes()
            kernel, _, ramdisk, _, _, _, _, page, version = struct.unpack_from("<IIIIIIIII", data, 8)
            self.assertEqual((data[:8], version, len(data)), (b"ANDROID!", 0, page + kernel + ramdisk))
            for at, size, title in ((page, kernel, b"KERNEL\0"), (page + kernel, ramdisk, second)):
                magic, length = struct.unpack_from("<II", data, at)
                self.assertEqual((magic, length), (0x58881688, size - 512))
                self.assertTrue(data[at + 8:].startswith(title))

    def test_boot_records_lead_to_the_file_systems(self):
        folder = self.folders["archos-40-titanium"]
        mbr, ebr = ((folder / name).read_bytes() for name in ("MBR", "EBR1"))
        self.assertEqual((len(mbr), mbr[510:], len(ebr), ebr[510:]), (512, b"\x55\xaa", 512, b"\x55\xaa"))
        kind, start, size = mbr[446 + 4], *struct.unpack_from("<II", mbr, 446 + 8)
        self.assertEqual((kind, start, size), (5, 0x80000 // 512, 0xFFFFFFFF))
        kind, start, size = ebr[446 + 4], *struct.unpack_from("<II", ebr, 446 + 8)
        self.assertEqual((kind, start, size), (0x83, (0x5100000 - 0x80000) // 512, 0x2D400000 // 512))

    def test_the_oldest_scatter_counts_through_all_areas(self):
        _, entries = read_scatter(self.folders["archos-40-titanium"] / "MT6572_Android_scatter.txt")
        by_name = {entry["partition_name"]: entry for entry in entries}
        self.assertEqual(by_name["PRELOADER"]["linear_start_addr"], "0x0")
        self.assertEqual(by_name["MBR"]["linear_start_addr"], "0x600000")
        self.assertEqual(by_name["MBR"]["physical_start_addr"], "0x0")
        self.assertEqual(by_name["NVRAM"]["type"], "NONE")
        self.assertNotIn("is_upgradable", by_name["MBR"])

    @for_every_model
    def test_mtk_images_say_how_long_they_are(self, model, folder, general, entries):
        for kind in ("lk", "logo"):
            for name in self.files_of(model, lambda part: part.get("image", part.get("content")) == kind):
                data = (folder / name).read_bytes()
                self.assertEqual(struct.unpack_from("<II", data), (0x58881688, len(data) - 512))
                self.assertEqual(data[8:40].rstrip(b"\0"), kind.encode())

    def test_a_secured_phone_gets_signed_images_and_a_signed_agent(self):
        variant = "ulefone-power2:secured"
        with tempfile.TemporaryDirectory(prefix="mtkflash-firmware-") as out:
            self.assertEqual(run("--model", variant, "--out", out).returncode, 0)
            key = b"maker of the Ulefone Power 2"

            def signed(data):
                return data[-0x100:] == hashlib.sha256(key + data[:-0x100]).digest().ljust(0x100, b"\0")

            self.assertTrue(signed((Path(out) / "boot.img").read_bytes()))
            self.assertTrue(signed(next(Path(out).glob("preloader_*.bin")).read_bytes()))
            self.assertFalse(signed((Path(out) / "Checksum.ini").read_bytes()))
            data = (Path(out) / "MTK_AllInOne_DA.bin").read_bytes()
            for _, rows in self.agents(data):
                self.assertTrue(all(signed(data[offset:offset + length]) for offset, length, *_ in rows[1:]))

    def test_every_phone_can_be_had_with_its_makers_locks_on(self):
        for name in MODELS:
            with self.subTest(model=name):
                model = tomllib.loads((ROOT / "data" / "phones" / f"{name}.toml").read_text())
                security = model.get("security", {}) | model["variant"]["secured"]["security"]
                self.assertTrue(all(security[lock] for lock in ("sbc", "sla", "daa", "key")), security)

    def test_what_the_boot_rom_asks_for_is_in_the_folder(self):
        with tempfile.TemporaryDirectory(prefix="mtkflash-firmware-") as out:
            self.assertEqual(run("--model", "mt6735:certified", "--out", out).returncode, 0)
            key = b"maker of the phone with MT6735"
            for name, size in (("auth_sv5.auth", 0x8D0), ("root.cert", 0x400)):
                data = (Path(out) / name).read_bytes()
                self.assertEqual(len(data), size)
                self.assertEqual(data[-0x20:], hashlib.sha256(key + data[:-0x20]).digest())
        self.assertFalse((self.folders["mt6735"] / "root.cert").exists())


class Options(unittest.TestCase):
    def setUp(self):
        kept = tempfile.TemporaryDirectory(prefix="mtkflash-firmware-")
        self.addCleanup(kept.cleanup)
        self.folder = Path(kept.name)

    def make(self, *options, model="tiny-6580"):
        made = run("--model", model, "--out", self.folder / "fw", *options)
        self.assertEqual(made.returncode, 0, made.stderr)
        return {path.name: path.read_bytes() for path in (self.folder / "fw").iterdir()}

    def refuses(self, *options):
        made = run("--out", self.folder / "fw", *options)
        self.assertEqual(made.returncode, 1)
        self.assertTrue(made.stderr.startswith("make-firmware: "), made.stderr)

    def test_the_same_model_gives_the_same_bytes(self):
        self.assertEqual(self.make(), self.make())

    def test_phones_do_not_share_contents(self):
        self.assertNotEqual(self.make()["boot.img"], self.make(model="leagoo-z5")["boot.img"])

    def test_foreign_makes_a_folder_for_another_chip(self):
        files = self.make("--foreign", "MT6572")
        self.assertIn(b"platform: MT6572\n", files["MT6572_Android_scatter.txt"])
        self.assertIn("preloader_foreign_mt6572.bin", files)

    def test_oversize_exceeds_the_partition(self):
        self.assertGreater(len(self.make("--oversize", "lk")["lk.bin"]), 0x2000)
        self.assertGreater(len(unsparse(self.make("--oversize", "system")["system.img"])[0]), 0x60000)
        self.assertGreater(len(self.make("--oversize", "preloader")["preloader_tiny.bin"]), 0x8000)

    def test_missing_leaves_a_file_out(self):
        self.assertNotIn("boot.img", self.make("--missing", "boot.img"))

    def test_html_puts_an_error_page_in_place_of_a_file(self):
        self.assertTrue(self.make("--html", "boot.img")["boot.img"].startswith(b"<!DOCTYPE html>"))

    def test_a_given_agent_file_is_put_in(self):
        (self.folder / "my.bin").write_bytes(b"agent")
        self.assertEqual(self.make("--da", self.folder / "my.bin")["MTK_AllInOne_DA.bin"], b"agent")

    def test_what_cannot_be_made_is_refused(self):
        self.refuses("--model", "no-such-phone")
        self.refuses("--model", "tiny-6580", "--oversize", "nothing")
        self.refuses("--model", "tiny-6580", "--missing", "nothing.bin")
        self.refuses("--model", "tiny-6580", "--foreign", "MT0000")
        (self.folder / "other.toml").write_text("format = 2\n")
        self.refuses("--model", self.folder / "other.toml")


if __name__ == "__main__":
    unittest.main()
