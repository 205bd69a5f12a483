# SPDX-License-Identifier: Apache-2.0
"""Runs the real mtkflash: what it prints, how it exits, and whether its events are those of docs/format/events.md.

Use: program_test.py BUILD_DIR [unittest option or test name...]
"""

import os
import pty
import re
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
if __name__ == "__main__":
    os.environ["MTK_BUILD"] = str(Path(sys.argv[1]).resolve())
sys.path[:0] = [str(HERE), str(ROOT / "tests" / "e2e")]

from events_doc import EventsDoc
from harness import BAD_FILE, BUILD, HOST_FILE, NO_PHONE, OK, PORT, REFUSED, STOPPED, WRONG_USE, Case, Run, firmware

SMALL = "tiny-6580"


class Program(Case):
    def plain(self, *arguments, **more):
        """Runs mtkflash without --json."""
        return subprocess.run([BUILD / "mtkflash", *map(str, arguments)], capture_output=True, text=True, timeout=60,
                              env={**self.environment, **more}, stdin=subprocess.DEVNULL)

    def as_nobody(self, *arguments):
        """Runs mtkflash --json as a user who is not root, whoever runs the tests."""
        command = [BUILD / "mtkflash", *arguments, "--json"]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=self.environment,
                              stdin=subprocess.DEVNULL)
        return Run(command, done.returncode, done.stdout, done.stderr)


class WithoutAPhone(Program):
    def test_help_goes_to_stdout(self):
        done = self.plain("--help")
        self.assertEqual((done.returncode, done.stderr), (OK, ""))
        for command in ("flash", "check", "explain"):
            self.assertRegex(done.stdout, rf"\n  {command} +\S")

    def test_the_version_is_said(self):
        self.assertRegex(self.plain("--version").stdout, r"^mtkflash \d+\.\d+\.\d+\n$")

    def test_a_near_miss_is_suggested(self):
        done = self.plain("flahs")
        self.assertEqual((done.returncode, done.stdout), (WRONG_USE, ""))
        self.assertIn("Did you mean flash?", done.stderr)

    def test_a_code_is_explained(self):
        done = self.plain("explain", "4032")
        self.assertEqual(done.returncode, OK)
        self.assertIn("S_FT_ENABLE_DRAM_FAIL", done.stdout)
        self.assertIn("--preloader", done.stdout)

    def test_the_doctor_looks_and_changes_nothing(self):
        rule = Path("/etc/udev/rules.d/60-mtkflash.rules")
        before = rule.read_bytes() if rule.exists() else None
        done = self.plain("doctor")
        self.assertIn(done.returncode, (OK, PORT), done.stderr)
        self.assertRegex(done.stdout, r"(?m)^ +(fine|problem|cannot tell) +ModemManager: ")
        self.assertRegex(done.stdout, r"(?m)^Versions +mtkflash \d")
        self.assertEqual(rule.read_bytes() if rule.exists() else None, before)

    def test_the_repair_says_who_may_do_it(self):
        run = self.as_nobody("doctor", "--fix")
        self.expect(run, PORT)
        self.assertIn("sudo mtkflash doctor --fix", run.err)

    def test_an_unknown_code_is_not_guessed(self):
        self.assertEqual(self.plain("explain", "8447").returncode, WRONG_USE)

    def test_a_good_folder_passes(self):
        done = self.plain("check", firmware(SMALL))
        self.assertEqual(done.returncode, OK, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"Made for +MT6580\n")
        self.assertRegex(done.stdout, r"x  boot .*Android boot image +checksum right")

    def test_a_folder_with_a_missing_file_does_not(self):
        done = self.plain("check", firmware(SMALL, "--missing", "boot.img"))
        self.assertEqual(done.returncode, BAD_FILE)
        self.assertIn("boot.img for boot is not in the folder", done.stdout)

    def test_a_damaged_image_is_found_by_its_sum(self):
        folder = self.folder / "damaged"
        folder.mkdir()
        for file in firmware(SMALL).iterdir():
            (folder / file.name).write_bytes(file.read_bytes())
        image = folder / "boot.img"
        content = bytearray(image.read_bytes())
        content[-1] ^= 1
        image.write_bytes(content)
        done = self.plain("check", folder)
        self.assertEqual(done.returncode, BAD_FILE)
        self.assertRegex(done.stdout, r"boot\.img is damaged or was changed")

    def test_the_agent_of_a_folder_is_described(self):
        done = self.plain("da", firmware(SMALL) / "MTK_AllInOne_DA.bin")
        self.assertEqual(done.returncode, OK)
        self.assertIn("MT6580 (0x6580)", done.stdout)

    def test_a_package_is_checked_as_it_was_downloaded(self):
        for name, pack in (("rom.zip", ["zip", "-qr"]), ("rom.7z", ["7z", "a", "-bd"])):
            archive = self.folder / name
            subprocess.run([*pack, archive, "."], cwd=firmware(SMALL), check=True, stdout=subprocess.DEVNULL)
            done = self.plain("check", archive)
            self.assertEqual(done.returncode, OK, done.stdout + done.stderr)
            self.assertRegex(done.stdout, r"x  boot .*Android boot image +checksum right")
            self.assertIn("download-only: yes", done.stdout)
        self.assertEqual(list(self.folder.glob("**/unpacked-*")), [])

    def test_two_packages_are_compared(self):
        same = self.plain("check", firmware(SMALL), "--against", firmware(SMALL))
        self.assertEqual(same.returncode, OK, same.stderr)
        self.assertIn("For the same phone.", same.stdout)
        other = self.plain("check", firmware(SMALL), "--against", firmware("leagoo-z5"))
        self.assertEqual(other.returncode, REFUSED)
        self.assertIn("A sibling", other.stdout)

    def test_a_package_is_compared_with_a_saved_phone(self):
        saved = self.folder / "phone.json"
        saved.write_text('{"v":1,"t":0,"event":"phone","chip":"MT6735","hw_code":801,"facts":[],"partitions":[]}\n')
        done = self.plain("check", firmware(SMALL), "--against", saved)
        self.assertEqual(done.returncode, REFUSED)
        self.assertIn("For another phone", done.stdout)
        saved.write_text("{}\n")
        self.assertEqual(self.plain("check", firmware(SMALL), "--against", saved).returncode, BAD_FILE)

    def test_what_is_no_firmware_is_named(self):
        (self.folder / "update").mkdir()
        (self.folder / "update" / "payload.bin").write_bytes(b"CrAU")
        done = self.plain("check", self.folder / "update")
        self.assertEqual(done.returncode, BAD_FILE)
        self.assertIn("is an Android update", done.stderr)

    def test_a_plan_needs_no_phone(self):
        done = self.plain("plan", firmware(SMALL))
        self.assertEqual(done.returncode, OK, done.stderr)
        self.assertRegex(done.stdout, r"\nwrite   boot ")
        self.assertIn("Nothing was written to the phone.", done.stdout)

    def test_flash_tool_lines_are_understood(self):
        scatter = firmware(SMALL) / "MT6580_Android_scatter.txt"
        done = self.plain("-s", scatter, "-c", "format-download")
        self.assertEqual(done.returncode, WRONG_USE)
        self.assertIn("format-download", done.stderr)

    def test_colours_are_for_terminals_that_want_them(self):
        self.assertNotIn("\x1b", self.plain("check", firmware(SMALL)).stdout)
        self.assertIn("\x1b[", self.in_terminal("check", firmware(SMALL)))
        self.assertNotIn("\x1b", self.in_terminal("check", firmware(SMALL), NO_COLOR="1"))

    def in_terminal(self, *arguments, **more):
        ours, theirs = pty.openpty()
        environment = {**self.environment, "TERM": "xterm-256color", **more}
        process = subprocess.Popen([BUILD / "mtkflash", *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=theirs,
                                   stderr=theirs, env=environment)
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                part = b""
            if not part:
                break
            seen += part
        os.close(ours)
        process.wait(timeout=60)
        return seen.decode()


class Scatter(Program):
    CORPUS = ROOT / "tests" / "corpus" / "scatter"

    def test_every_generation_is_shown(self):
        for name in ("MT6589_lenovo_s960_brace.txt", "MT6580_mtk_android.txt", "MT6893_vivo_pd2135f_v2.xml"):
            done = self.plain("scatter", self.CORPUS / name)
            self.assertEqual(done.returncode, OK, done.stderr)
            self.assertRegex(done.stdout, r"(?mi)^ *x? +(usrdata|userdata) ")

    def test_a_converted_file_is_read_again(self):
        done = self.plain("scatter", self.CORPUS / "MT6893_vivo_pd2135f_v2.xml", "--to", "v1", "--storage", "ufs")
        self.assertEqual(done.returncode, OK, done.stderr)
        again = self.folder / "MT6893_Android_scatter.txt"
        again.write_text(done.stdout)
        self.assertIn("V1 text V1.1.2", self.plain("scatter", again).stdout)

    def test_several_tables_do_not_fit_a_form_for_one(self):
        done = self.plain("scatter", self.CORPUS / "MT6893_vivo_pd2135f_v2.txt", "--to", "v1")
        self.assertEqual((done.returncode, done.stdout), (WRONG_USE, ""))
        self.assertIn("EMMC, UFS", done.stderr)

    def test_what_parts_printed_becomes_a_scatter(self):
        saved = self.folder / "parts.json"
        saved.write_text('{"v":1,"t":1,"event":"phone","chip":"MT6580","partitions":[]}\n'
                         '{"v":1,"t":2,"event":"phone","chip":"MT6580","partitions":['
                         '{"name":"nvram","area":"user","offset":1048576,"length":5242880},'
                         '{"name":"boot","area":"user","offset":6291456,"length":16777216}]}\n')
        done = self.plain("scatter", saved, "--to", "v1")
        self.assertEqual(done.returncode, OK, done.stderr)
        scatter = self.folder / "MT6580_Android_scatter.txt"
        scatter.write_text(done.stdout)
        shown = self.plain("scatter", scatter).stdout
        self.assertRegex(shown, r"boot +EMMC_USER +0x600000 +16\.0 MiB +boot\.img +NORMAL_ROM +UPDATE")
        self.assertRegex(shown, r"nvram \* .* PROTECTED")

    def test_a_broken_saved_table_is_a_bad_file(self):
        saved = self.folder / "parts.json"
        for text in ('{"event":"phone"}\n', '{"event":"phone","partitions":[{"name":"a"}]}\n', "{\n"):
            saved.write_text(text)
            self.assertEqual(self.plain("scatter", saved, "--to", "v2").returncode, BAD_FILE, text)


class Packaging(Program):
    def test_the_bash_completion_completes(self):
        script = self.folder / "completion"
        script.write_text(self.plain("completion", "bash").stdout)
        for words, wanted in ((["mtkflash", "fl"], "flash"), (["mtkflash", "flash", "--ba"], "--battery"),
                              (["mtkflash", "flash", "--battery", "a"], "auto")):
            program = (f"source {script}; COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}; _mtkflash; "
                       "echo \"${COMPREPLY[@]}\"")
            done = subprocess.run(["bash", "-c", program], capture_output=True, text=True)
            self.assertEqual(done.stdout.split(), [wanted], done.stderr)

    def test_the_man_page_is_well_formed(self):
        page = self.plain("man").stdout
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww"], input=page, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("EXIT STATUS", re.sub(r"\x1b\[\d*m|.\x08", "", done.stdout))

    def test_the_exit_codes_of_the_man_page_are_those_of_the_document(self):
        document = (ROOT / "docs" / "user" / "exit-codes.md").read_text()
        documented = set(re.findall(r"^\| (\d+) \|", document, re.M))
        self.assertEqual(documented, set(re.findall(r"^\.B (\d+)$", self.plain("man").stdout, re.M)))


class Logs(Program):
    def test_every_run_is_logged_and_thirty_are_kept(self):
        logs = self.folder / "home" / "log"
        logs.mkdir(parents=True)
        for number in range(40):
            (logs / f"20200101-0000{number:02}-1.log").touch()
        self.plain("info", "--port", f"unix:{self.folder}/nobody", "--timeout", "0.1")
        names = sorted(path.name for path in logs.iterdir())
        self.assertEqual(len(names), 30)
        self.assertIn("exit 5", (logs / names[-1]).read_text())

    def test_a_log_may_go_elsewhere(self):
        log = self.folder / "my.log"
        self.plain("info", "--port", f"unix:{self.folder}/nobody", "--timeout", "0.1", "--log", log)
        self.assertIn("stage connect", log.read_text())


class Reports(Program):
    """A run that fails offers a report, and the report names neither the phone nor anybody."""

    ME_ID, USER = "54494e59580102030405060708090a0b", "maria"

    def failed_run(self):
        firmware_of_maria = self.folder / "home" / self.USER / "fw"
        firmware_of_maria.parent.mkdir(parents=True)
        firmware_of_maria.symlink_to(firmware("tiny-xflash"))
        phone = self.phone("tiny-xflash", fault="cut=host:6000")
        return self.plain("flash", firmware_of_maria, "--port", phone.port)

    def test_a_failure_offers_one_that_names_nobody(self):
        run = self.failed_run()
        self.assertNotEqual(run.returncode, OK)
        self.assertIn("`mtkflash report` makes a file", run.stderr.splitlines()[-1] + run.stderr.splitlines()[-2])
        [log] = (self.folder / "home" / "log").iterdir()
        self.assertIn(self.ME_ID, log.read_text().lower())
        out = self.folder / "report.txt"
        self.expect_plain(self.plain("report", "-o", out, USER=self.USER), OK)
        text = out.read_text()
        self.assertTrue(text.startswith("mtkflash report 1\nrun   mtkflash "), text)
        self.assertIn(f"log   {log.name}\nexit  {run.returncode}\n", text)
        for section in ("error", "phone", "stages", "computer", "checks", "last lines"):
            self.assertIn(f"\n== {section} ==\n", text)
        self.assertRegex(text, r"(?m)^failure what: ")
        self.assertIn("\nchip = MT6765\n", text)
        self.assertIn("\nme_id = <blanked>\n", text)
        self.assertNotIn(self.ME_ID, text.lower())
        self.assertNotIn(self.USER, text)

    def test_a_chosen_file_is_not_overwritten_and_stdout_will_do(self):
        log = self.folder / "my.log"
        log.write_text("     0.000 mtkflash 0, flash\n     0.100 exit 5\n")
        out = self.folder / "report.txt"
        out.write_text("mine")
        self.expect_plain(self.plain("report", log, "-o", out), WRONG_USE)
        self.assertEqual(out.read_text(), "mine")
        self.expect_plain(self.plain("report", log, "-o", out, "--force"), OK)
        self.assertIn("exit  5", out.read_text())
        self.assertIn("exit  5", self.expect_plain(self.plain("report", log, "-o", "-"), OK).stdout)

    def test_without_a_log_there_is_none(self):
        done = self.expect_plain(self.plain("report"), HOST_FILE)
        self.assertIn("There is no log", done.stderr)

    def expect_plain(self, done, code):
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done


class Events(Program):
    """Real output against the document, both ways."""

    def test_what_is_said_is_documented_and_what_is_documented_is_said(self):
        doc = EventsDoc()

        def check(run, code, last):
            self.expect(run, code)
            self.assertEqual([doc.check_line(line)["event"] for line in run.out.splitlines()][-1], last, str(run))

        check(self.tool("check", firmware(SMALL)), OK, "result")
        check(self.tool("check", firmware("mt6765-emmc"), "--against", firmware(SMALL)), REFUSED, "result")
        check(self.tool("da", firmware(SMALL) / "MTK_AllInOne_DA.bin"), OK, "result")
        scatter = ROOT / "tests" / "corpus" / "scatter" / "MT6580_mtk_android.txt"
        check(self.tool("scatter", scatter), OK, "result")
        check(self.tool("scatter", scatter, "--to", "xml"), OK, "result")
        check(self.tool("explain", "3149"), OK, "result")
        examined = self.tool("doctor")
        self.assertIn(examined.code, (OK, PORT), str(examined))
        check(examined, examined.code, "result")
        check(self.as_nobody("doctor", "--fix"), PORT, "result")
        check(self.tool("plan", firmware(SMALL)), OK, "result")
        check(self.tool("nonsense"), WRONG_USE, "error")
        check(self.tool("check", self.folder), BAD_FILE, "error")
        check(self.tool("info", "--port", f"unix:{self.folder}/nobody", "--timeout", "0.1"), NO_PHONE, "error")
        check(self.tool("plan", firmware(SMALL, "--oversize", "lk")), REFUSED, "error")
        phone = self.phone(SMALL)
        check(self.tool("flash", firmware(SMALL), "--port", phone.port), OK, "result")

        # What is seen on USB takes a USB: tests/usb/stories_test.py compares it.
        required = {(table, field) for table, fields in doc.tables.items() for field, (_, needed) in fields.items()
                    if needed and table not in ("Every event", "bus")}
        self.assertEqual(required - doc.seen, set(), "documented and never said")


class Stopped(Program):
    def test_a_wait_can_be_stopped(self):
        run = self.tool_interrupted(lambda event: event["event"] == "finding", lambda process: self.stop_by_signal(process),
                                    "info", "--port", f"unix:{self.folder}/nobody")
        self.expect(run, STOPPED)
        self.assertEqual(run.events[-1]["event"], "error")


if __name__ == "__main__":
    unittest.main(argv=["program_test", *sys.argv[2:]])
