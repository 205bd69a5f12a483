#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the table of findings from data/findings.toml (docs/howto/add-a-finding.md).

The sentences themselves go into the table of texts (gen_texts.py), so that they are translated like all others.
"""

import argparse
import csv
import re

from gen_common import HEADER, cpp_string, fail, load_toml, run, write_if_changed

CABLE = "(cable) "
ID = re.compile(r"[a-z][a-z0-9_]*")
FIELDS = {"symbols", "also", "means", "causes", "next", "retryable"}


def texts(path, finding, entry, key):
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        fail(path, f"{finding}: {key} must be a list of texts", finding)
    return value


def check_sentence(path, finding, sentence):
    if "{" in sentence or "}" in sentence:
        fail(path, f"{finding}: sentences of findings have no arguments", finding)
    if "!" in sentence:
        fail(path, f"{finding}: sentences carry no exclamation mark", finding)
    if not sentence.rstrip().endswith((".", "`")):
        fail(path, f"{finding}: a sentence ends with a full stop: {sentence}", finding)


def check_advice(path, finding, sentence):
    if re.search(r"\bformat", sentence) and not sentence.startswith("Do not format"):
        fail(path, f"{finding}: a format is never advised: {sentence}", finding)


def read_findings(path):
    """id -> finding, in file order; `hearsay` is left out."""
    findings = {}
    symbols, typed = set(), set()
    for name, entry in load_toml(path).items():
        if name == "hearsay":
            continue
        if not ID.fullmatch(name) or not isinstance(entry, dict):
            fail(path, f"{name} must be a table with a lower-case name", name)
        for key in entry:
            if key not in FIELDS:
                fail(path, f"{name}: unknown field {key}", name)
        if not isinstance(entry.get("means"), str) or not isinstance(entry.get("retryable"), bool):
            fail(path, f"{name} needs means (a text) and retryable (true or false)", name)
        finding = {key: texts(path, name, entry, key) for key in ("symbols", "also", "causes", "next")}
        finding["cable"] = [sentence.startswith(CABLE) for sentence in finding["next"]]
        finding["next"] = [sentence.removeprefix(CABLE) for sentence in finding["next"]]
        finding |= {"means": entry["means"], "retryable": entry["retryable"]}
        if all(finding["cable"]):
            fail(path, f"{name} says nothing to do next, or only something about the cable", name)
        for sentence in [finding["means"], *finding["causes"], *finding["next"]]:
            check_sentence(path, name, sentence)
        for sentence in finding["next"]:
            check_advice(path, name, sentence)
        for symbol in finding["symbols"]:
            if symbol in symbols:
                fail(path, f"{name}: {symbol} has a finding already", name)
            symbols.add(symbol)
        for word in finding["also"]:
            if word.lower() in typed:
                fail(path, f"{name}: {word} has a finding already", name)
            typed.add(word.lower())
        findings[name] = finding
    return findings


def read_hearsay(path):
    """code -> sentence."""
    hearsay = {}
    for entry in load_toml(path).get("hearsay", []):
        if set(entry) != {"code", "says"} or not isinstance(entry["code"], int) or not isinstance(entry["says"], str):
            fail(path, f"{entry}: hearsay has a code and says something")
        if entry["code"] in hearsay:
            fail(path, f"hearsay about {entry['code']} is there twice")
        check_sentence(path, f"hearsay {entry['code']}", entry["says"])
        hearsay[entry["code"]] = entry["says"]
    return hearsay


def sentences(path):
    """Text id -> sentence of all findings, for the table of texts."""
    result = {}
    for name, finding in read_findings(path).items():
        result[f"finding_{name}_means"] = finding["means"]
        for key in ("causes", "next"):
            for number, sentence in enumerate(finding[key], 1):
                result[f"finding_{name}_{key}_{number}"] = sentence
    for code, sentence in read_hearsay(path).items():
        result[f"hearsay_{code:x}"] = sentence
    return result


def check_symbols(path, findings, status_codes):
    with open(status_codes, encoding="utf-8", newline="") as rows:
        known = {row["name"] for row in csv.DictReader(rows)}
    for name, finding in findings.items():
        for symbol in finding["symbols"]:
            if symbol not in known:
                fail(path, f"{name}: {symbol} is no status symbol", name)


def ids_header(findings):
    lines = [HEADER.format(script="gen_findings.py", source="data/findings.toml"), "#pragma once\n"]
    lines += ["#include <cstdint>\n", "namespace mtk {\n", "enum class FindingId : std::uint16_t {"]
    lines += [f"  {name}," for name in findings]
    lines += ["};\n", "}  // namespace mtk"]
    return "\n".join(lines) + "\n"


def cause_list(name, finding):
    items = ", ".join(f"Text::finding_{name}_causes_{number}" for number in range(1, len(finding["causes"]) + 1))
    return f"inline constexpr Text causes_{name}[] = {{{items}}};"


def action_list(name, finding):
    items = ", ".join(
        f"{{Text::finding_{name}_next_{number}, {str(cable).lower()}}}" for number, cable in enumerate(finding["cable"], 1)
    )
    return f"inline constexpr FindingAction next_{name}[] = {{{items}}};"


def table_header(findings, hearsay):
    lines = [HEADER.format(script="gen_findings.py", source="data/findings.toml"), "#pragma once\n"]
    lines += ['#include "diagnose/finding.h"\n', "#include <array>\n", "namespace mtk::diagnose_data {\n"]
    for name, finding in findings.items():
        if finding["causes"]:
            lines.append(cause_list(name, finding))
        lines.append(action_list(name, finding))
    lines.append(f"\ninline constexpr std::array<Finding, {len(findings)}> findings = {{{{")
    for name, finding in findings.items():
        causes = f"causes_{name}" if finding["causes"] else "std::span<const Text>{}"
        retryable = str(finding["retryable"]).lower()
        lines.append(f'    {{"{name}", Text::finding_{name}_means, {causes}, next_{name}, {retryable}}},')
    lines.append("}};\n")
    for table, key in (("symbols", "symbols"), ("typed", "also")):
        pairs = [(word if key == "symbols" else word.lower(), name) for name, f in findings.items() for word in f[key]]
        lines.append(f"inline constexpr std::array<FindingName, {len(pairs)}> {table} = {{{{")
        lines += [f"    {{{cpp_string(word)}, FindingId::{name}}}," for word, name in sorted(pairs)]
        lines.append("}};\n")
    lines.append(f"inline constexpr std::array<Hearsay, {len(hearsay)}> hearsay = {{{{")
    lines += [f"    {{0x{code:x}, Text::hearsay_{code:x}}}," for code in sorted(hearsay)]
    lines += ["}};\n", "}  // namespace mtk::diagnose_data"]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--findings", required=True)
    parser.add_argument("--status", required=True)
    parser.add_argument("--ids", required=True)
    parser.add_argument("--table", required=True)
    args = parser.parse_args()
    findings = read_findings(args.findings)
    check_symbols(args.findings, findings, args.status)
    write_if_changed(args.ids, ids_header(findings))
    write_if_changed(args.table, table_header(findings, read_hearsay(args.findings)))


if __name__ == "__main__":
    run(main)
