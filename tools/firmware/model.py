# SPDX-License-Identifier: Apache-2.0
"""What make-firmware needs to know of a phone description, with the defaults of docs/format/phone.md filled in."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DA2_ADDRESS = {"legacy": 0x80000000, "xflash": 0x40000000, "xml": 0x40000000}
SMALL_PHONE = 16 << 20  # bytes of user area below which everything is made small


class ModelError(Exception):
    """The description does not say what is needed."""


@dataclass
class Partition:
    name: str
    start: int
    size: int
    region: str
    file_name: str
    is_download: bool
    type: str
    operation_type: str
    boundary_check: bool
    is_reserved: bool
    image: str
    image_size: int
    sparse: bool


@dataclass
class Model:
    name: str
    platform: str
    hw_code: int
    hw_version: int
    family: str
    project: str
    config_version: str
    boot_channel: str
    block_size: int
    storage: str
    user_region: str
    user_size: int
    linear_base: int  # where EMMC_USER begins when all areas are counted through
    preloader_generation: str
    preloader_load_address: int
    preloader_size: int
    emi_version: int
    emi_record_size: int
    emi_type: int
    emi_project: str
    memory_ids: list[bytes]
    key: str
    signed: list[str]  # partitions whose image carries a signature
    cert: bool  # the boot ROM wants a root certificate
    auth: bool  # and an authentication file
    da2_address: int
    partitions: list[Partition]

    @property
    def small(self) -> bool:
        return self.user_size < SMALL_PHONE


def read_partition(entry: dict, user_region: str) -> Partition:
    file_name = entry.get("file_name", "NONE")
    has_file = file_name != "NONE"
    is_reserved = entry.get("is_reserved", entry["start"] >> 16 == 0xFFFF)
    content = entry.get("content", "empty")
    return Partition(
        name=entry["name"],
        start=entry["start"],
        size=entry["size"],
        region=entry.get("region", user_region),
        file_name=file_name,
        is_download=entry.get("is_download", has_file),
        type=entry.get("type", "NORMAL_ROM"),
        operation_type=entry.get("operation_type", "UPDATE" if has_file else "INVISIBLE"),
        boundary_check=entry.get("boundary_check", not is_reserved),
        is_reserved=is_reserved,
        image=entry.get("image", "pattern" if content == "empty" else content),
        image_size=entry.get("image_size", min(entry["size"], 0x10000)),
        sparse=entry.get("sparse", False),
    )


def read_model(name_or_path: str) -> Model:
    """The phone NAME or NAME:VARIANT of data/phones, or one of a .toml file."""
    base, _, variant = name_or_path.partition(":")
    path = Path(base)
    if path.suffix != ".toml":
        path = ROOT / "data" / "phones" / f"{base}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise ModelError(f"{path}: {problem}") from problem
    if table.get("format") != 1:
        raise ModelError(f"{path}: format {table.get('format')}, only 1 is known")
    if variant:
        if variant not in table.get("variant", {}):
            raise ModelError(f"{path}: there is no variant {variant}")
        for section, keys in table["variant"][variant].items():
            table[section] = table.get(section, {}) | keys
    chip, storage, scatter = (table.get(key, {}) for key in ("chip", "storage", "scatter"))
    preloader, memory, agent = (table.get(key, {}) for key in ("preloader", "memory", "agent"))
    security = table.get("security", {})
    try:
        ufs = storage.get("kind", "EMMC") == "UFS"
        user_region = "UFS_LU2" if ufs else "EMMC_USER"
        ids = [bytes.fromhex(one) for one in memory.get("ids", [storage["cid"]])]
        return Model(
            name=table["name"],
            platform=scatter.get("platform", chip["name"]),
            hw_code=chip["hw_code"],
            hw_version=chip.get("hw_version", 0xCA00),
            family=chip["family"],
            project=scatter["project"],
            config_version=scatter.get("config_version", "V1.1.2"),
            boot_channel=scatter.get("boot_channel", "MSDC_0"),
            block_size=scatter.get("block_size", 0x20000),
            storage=scatter.get("storage", "EMMC"),
            user_region=user_region,
            user_size=storage["lu2" if ufs else "user"],
            linear_base=0 if ufs else storage["boot1"] + storage["boot2"] + storage["rpmb"],
            preloader_generation=preloader.get("generation", "A"),
            preloader_load_address=preloader.get("load_address", 0x200D00),
            preloader_size=preloader.get("image_size", 0x8000),
            emi_version=memory.get("emi_version", 21),
            emi_record_size=memory.get("record_size", 188),
            emi_type=memory.get("type", 0x0203),
            emi_project=memory.get("project", "") or scatter["project"],
            memory_ids=ids,
            key=security.get("key", ""),
            signed=security.get("signed", []),
            cert=security.get("cert", False),
            auth=security.get("auth", False),
            da2_address=(agent.get("da2_addresses") or [DA2_ADDRESS[chip["family"]]])[0],
            partitions=[read_partition(entry, user_region) for entry in table["partition"]],
        )
    except KeyError as problem:
        raise ModelError(f"{path}: {problem} is missing") from problem
