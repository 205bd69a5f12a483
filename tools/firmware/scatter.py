# SPDX-License-Identifier: Apache-2.0
"""The scatter file of a phone and the Checksum.ini beside it."""

from .model import Model, Partition

RULE = "#" * 108


def caption(text: str) -> str:
    return f"{RULE}\n#\n#  {text} Setting\n#\n{RULE}\n"


def word(value: bool) -> str:
    return "true" if value else "false"


def make_entry(model: Model, index: int, part: Partition) -> str:
    """V1.1.1 counts linear addresses through all areas, leaves type NONE where there is no file, and knows fewer keys;
    V2 knows one more."""
    oldest = model.config_version == "V1.1.1"
    from_end = part.start >> 16 == 0xFFFF
    linear = part.start + (model.linear_base if oldest and part.region == "EMMC_USER" and not from_end else 0)
    text = (
        f"- partition_index: SYS{index}\n"
        f"  partition_name: {part.name}\n"
        f"  file_name: {part.file_name}\n"
        f"  is_download: {word(part.is_download)}\n"
        f"  type: {'NONE' if oldest and not part.is_download else part.type}\n"
        f"  linear_start_addr: {linear:#x}\n"
        f"  physical_start_addr: {part.start:#x}\n"
        f"  partition_size: {part.size:#x}\n"
        f"  region: {part.region}\n"
        f"  storage: HW_STORAGE_{model.storage}\n"
        f"  boundary_check: {word(part.boundary_check)}\n"
        f"  is_reserved: {word(part.is_reserved)}\n"
        f"  operation_type: {part.operation_type}\n"
    )
    if not oldest:
        text += f"  is_upgradable: {word(part.is_download)}\n"
        text += f"  empty_boot_needed: {word(part.name.lower() in ('lk', 'logo', 'tee1'))}\n"
    if model.config_version.startswith("V2"):
        text += "  combo_partsize_check: false\n"
    return text + "  reserve: 0x00\n\n"


def make_scatter(model: Model) -> str:
    if model.config_version.startswith("V2"):
        return make_scatter_v2(model)
    return (
        caption("General")
        + "- general: MTK_PLATFORM_CFG\n"
        "  info: \n"
        f"    - config_version: {model.config_version}\n"
        f"      platform: {model.platform}\n"
        f"      project: {model.project}\n"
        f"      storage: {model.storage}\n"
        f"      boot_channel: {model.boot_channel}\n"
        f"      block_size: {model.block_size:#x}\n"
        + caption("Layout")
        + "".join(make_entry(model, index, part) for index, part in enumerate(model.partitions))
    )


def make_scatter_v2(model: Model) -> str:
    """One section per storage, here only the phone's own; its entries are indented."""
    entries = "".join(make_entry(model, index, part) for index, part in enumerate(model.partitions))
    return (
        caption("General")
        + "- general: MTK_PLATFORM_CFG\n"
        "  info: \n"
        f"    - config_version: {model.config_version}\n"
        f"      platform: {model.platform}\n"
        f"      project: {model.project}\n"
        + caption(f"{model.storage} Layout")
        + f"- storage_type: {model.storage}\n"
        "  description: \n"
        "  - general: MTK_STORAGE_CFG\n"
        "    info: \n"
        f"      - storage: {model.storage}\n"
        f"        boot_channel: {model.boot_channel}\n"
        f"        block_size: {model.block_size:#x}\n\n"
        + "".join(f"  {line}\n" if line else "\n" for line in entries.split("\n")[:-1])
    )


def make_checksums(model: Model, images: dict[str, bytes]) -> str:
    """Per partition, the sum of all bytes of its image file modulo 65536."""
    text = "[VERSION]\nVERSION=V1\nTOOL=v5.1540.00\nChange_ID=1556272127\n"
    text += "[IsEnableChecksum]\nCHECKSUM_SWITCH=1\n[CheckSum]\n"
    for part in model.partitions:
        if part.is_download and part.file_name in images:
            text += f"{part.name}=0x{sum(images[part.file_name]) & 0xFFFF:04X}\n"
    return text
