# SPDX-License-Identifier: Apache-2.0
"""A program that ends pulls no cable: the agent it leaves runs on, and the next run finds it there."""

from harness import OK, firmware
from usb_case import LIBUSB, TTY, UsbCase


class LeftBehind(UsbCase):
    def goes_on(self, model, address, notice):
        self.state = self.folder / f"{model}-{address[:3]}"
        identity = self.new_phone(model)
        job = self.start("flash", firmware(model), "--port", address, "--only", "logo", "--next", "stay")
        phone = self.plug_in(model)
        self.expect(self.finish(job), OK)
        again = self.expect(self.tool("flash", firmware(model), "--port", address), OK)
        self.assertIn(notice, [finding["id"] for finding in again.of("finding")])
        self.assertEqual("da1" in again.stages(), notice == "agent_restarted", str(again))
        phone.stop()
        self.wait_until_unplugged()
        self.assert_whole(model, identity)

    def test_an_xflash_agent_is_used_again(self):
        for address in (LIBUSB, TTY):
            with self.subTest(address=address):
                self.goes_on("tiny-xflash", address, "agent_adopted")

    def test_an_xml_agent_is_used_again(self):
        self.goes_on("tiny-xml", LIBUSB, "agent_adopted")

    def test_a_legacy_agent_restarts_its_phone(self):
        self.goes_on("tiny-6580", LIBUSB, "agent_restarted")
