# SPDX-License-Identifier: Apache-2.0
"""Runs the real programs against each other: mtkflash on one side, mtkflash-phone on the other."""

import contextlib
import json
import os
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import tomllib
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("MTK_BUILD", ROOT / "build" / "release"))
PATIENCE = 120  # seconds after which a program counts as hanging

# Exit codes of mtkflash.
OK, OUR_FAULT, WRONG_USE, REFUSED, BAD_FILE, NO_PHONE, PORT, LOST, SECURITY, MEMORY, AGENT = range(11)
FAILED_AFTER_WRITE, DIFFERS, STOPPED, HOST_FILE = range(11, 15)

# Where the virtual phone keeps its areas. A preloader is compared in the first of two boot areas.
AREA_FILES = {"EMMC_USER": "user", "EMMC_BOOT_1": "boot1", "EMMC_BOOT_2": "boot2", "EMMC_BOOT1_BOOT2": "boot1",
              "UFS_LU0": "lu0", "UFS_LU1": "lu1", "UFS_LU2": "lu2", "UFS_LU0_LU1": "lu0"}
PRELOADER_AT = {"EMMC": 0x800, "UFS": 0x1000}  # behind the device header

IDENTITY = ("nvram", "nvdata", "nvcfg", "protect1", "protect2", "persist", "proinfo", "seccfg")

_firmware_home = tempfile.TemporaryDirectory(prefix="mtkflash-e2e-firmware-")
_firmware = {}
FOLDERS_KEPT = 8  # some hold hundreds of MiB


def firmware(model, *options):
    """A firmware folder; the latest few are kept. Tests do not change it."""
    key = (model, *options)
    if key not in _firmware:
        if len(_firmware) >= FOLDERS_KEPT:
            shutil.rmtree(_firmware.pop(next(iter(_firmware))))
        folder = Path(tempfile.mkdtemp(dir=_firmware_home.name))
        subprocess.run([ROOT / "tools" / "make-firmware", "--model", model, "--out", folder, *options], check=True,
                       stdout=subprocess.DEVNULL)
        _firmware[key] = folder
    return _firmware[key]


def description(model):
    """The phone NAME or NAME:VARIANT of data/phones."""
    name, _, variant = model.partition(":")
    table = tomllib.loads((ROOT / "data" / "phones" / f"{name}.toml").read_text())
    for section, keys in table["variant"][variant].items() if variant else ():
        table[section] = table.get(section, {}) | keys
    return table


def user_region(model):
    return "UFS_LU2" if description(model)["storage"].get("kind") == "UFS" else "EMMC_USER"


def partitions(model):
    region = user_region(model)
    return {part["name"]: {"region": region} | part for part in description(model)["partition"]}


def unpacked(path):
    """(offset, bytes) of everything an image says about its partition; holes of sparse files say nothing."""
    data = path.read_bytes()
    if data[:4] != b"\x3a\xff\x26\xed":
        yield 0, data
        return
    chunk_count = struct.unpack_from("<I", data, 20)[0]
    block = struct.unpack_from("<I", data, 12)[0]
    at, offset = 28, 0
    for _ in range(chunk_count):
        kind, _, count, total = struct.unpack_from("<HHII", data, at)
        body = data[at + 12:at + total]
        if kind == 0xCAC1:
            yield offset, body
        elif kind == 0xCAC2:
            yield offset, body * (count * block // 4)
        at += total
        offset += count * block


class Phone:
    """A virtual phone on a port. Its flash outlives it in `state`."""

    def __init__(self, model, state, listen, entry="preloader", fault=None):
        command = [BUILD / "mtkflash-phone", "--model", model, "--state", state, "--entry", entry, "--listen", listen]
        command += ["--log", f"{state}.log"]
        if fault:
            command += ["--fault", fault]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline() if ready else ""
        if not line:
            self.process.kill()
            raise AssertionError(f"mtkflash-phone does not listen: {self.process.communicate()[1]}")
        self.hello = json.loads(line)
        self.port = self.hello["port"].replace("pty:", "tty:")  # the host's name for it

    def stop(self):
        """Pulls battery and cable."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


class Run:
    """One finished run of mtkflash with --json."""

    def __init__(self, command, code, out, err):
        self.command, self.code, self.out, self.err = command, code, out, err
        self.events = [json.loads(line) for line in out.splitlines() if line.strip()]

    def of(self, kind):
        return [event for event in self.events if event["event"] == kind]

    def stages(self):
        return [event["stage"] for event in self.of("stage")]

    def __str__(self):
        return f"$ {' '.join(map(str, self.command))}\nexit {self.code}\n{self.out[-3000:]}\n{self.err[-3000:]}"


class Case(unittest.TestCase):
    """A test with a folder, a home of its own for mtkflash, and phones that are gone afterwards."""

    def setUp(self):
        kept = tempfile.TemporaryDirectory(prefix="mtkflash-e2e-")
        self.addCleanup(kept.cleanup)
        self.folder = Path(kept.name)
        self.state = self.folder / "phone"
        self.environment = {**os.environ, "MTKFLASH_HOME": str(self.folder / "home"), "LC_ALL": "C.UTF-8"}

    def phone(self, model, entry="preloader", listen=None, fault=None):
        phone = Phone(model, self.state, listen or f"unix:{self.folder}/port", entry, fault)
        self.addCleanup(phone.stop)
        return phone

    @contextlib.contextmanager
    def running(self, *arguments):
        command = [BUILD / "mtkflash", *map(str, arguments), "--json"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, env=self.environment)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()

    def tool(self, *arguments):
        """Runs mtkflash to its end."""
        with self.running(*arguments) as process:
            out, err = process.communicate(timeout=PATIENCE)
            return Run(process.args, process.returncode, out, err)

    def tool_interrupted(self, when, act, *arguments):
        """Runs mtkflash and calls act(process) at the first event for which when(event) holds."""
        with self.running(*arguments) as process:
            seen, acted, deadline = "", False, time.monotonic() + PATIENCE
            for line in process.stdout:
                seen += line
                if not acted and when(json.loads(line)):
                    acted = True
                    act(process)
                self.assertLess(time.monotonic(), deadline, "mtkflash hangs")
            rest, err = process.communicate(timeout=PATIENCE)
            run = Run(process.args, process.returncode, seen + rest, err)
            self.assertTrue(acted, f"the moment never came\n{run}")
            return run

    def signer(self, model):
        """The options that answer a secured phone's challenges."""
        key = description(model).get("security", {}).get("key")
        return ("--signer", f"'{ROOT}/tools/sign-challenge' '{key}'") if key else ()

    def agent(self, model):
        """The options that name the phone's agent where no firmware folder does."""
        return "--da", firmware(model) / "MTK_AllInOne_DA.bin"

    def expect(self, run, code):
        self.assertEqual(run.code, code, str(run))
        return run

    def stop_by_signal(self, process):
        process.send_signal(signal.SIGINT)

    # What the phone holds

    def held(self, region, offset, size):
        path = self.state / AREA_FILES[region]
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(size).ljust(size, b"\0")

    def partition(self, model, name):
        part = partitions(model)[name]
        return self.held(part["region"], part["start"], min(part["size"], 1 << 20))

    def identity(self, model):
        return {name: self.partition(model, name) for name in IDENTITY if name in partitions(model)}

    def first_state(self, model):
        """What the phone holds before anything was written to it."""
        return {name: self.partition(model, name) for name, part in partitions(model).items()
                if part["start"] >> 16 != 0xFFFF}

    def assert_untouched(self, model, before):
        for name, bytes_before in before.items():
            self.assertTrue(self.partition(model, name) == bytes_before, f"{name} has changed")

    def differing(self, model, folder):
        """Names of the partitions whose contents are not those of the image in the folder."""
        wrong = []
        for name, part in partitions(model).items():
            image = folder / part.get("file_name", "NONE")
            if not image.is_file():
                continue
            region = part["region"]
            base = part["start"]
            if part.get("type") == "SV5_BL_BIN":
                base += PRELOADER_AT[description(model)["storage"].get("kind", "EMMC")]
            for offset, data in unpacked(image):
                if self.held(region, base + offset, len(data)) != data:
                    wrong.append(name)
                    break
        return wrong

    def assert_flashed(self, model, folder):
        self.assertEqual(self.differing(model, folder), [], "partitions that differ from their images")

    def boot_verdict(self, model):
        """How far the phone would start, as mtkflash-phone says: reaches, download_mode, radio, identity."""
        command = [BUILD / "mtkflash-phone", "--model", model, "--state", self.state, "--boot"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        return json.loads(done.stdout)
