#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the table of user-visible sentences from data/texts/*.toml (docs/howto/add-a-sentence.md) and
data/findings.toml, whose sentences become ids of the sections `finding` and `hearsay`.

--ids writes `enum class Text`; --table writes the sentences of English and of every --language.
"""

import argparse
import pathlib
import re
import string

import gen_findings
from gen_common import HEADER, DataError, cpp_string, fail, load_toml, run, write_if_changed

NAME = re.compile(r"[a-z][a-z0-9_]*")
FORMAT = re.compile(r"(#?0?[0-9]*x|,|\.[0-9]f)?")


def arguments(path, key, sentence):
    """The names of the {arguments} of a sentence; anything unnamed or clever is refused."""
    names = set()
    try:
        pieces = list(string.Formatter().parse(sentence))
    except ValueError as problem:
        fail(path, f"{key}: {problem}", key)
    for _, name, spec, conversion in pieces:
        if name is None:
            continue
        if not NAME.fullmatch(name) or conversion or not FORMAT.fullmatch(spec or ""):
            fail(path, f"{key}: argument {{{name}}} must be a plain lower-case name, as in {{partition}}", key)
        names.add(name)
    return names


def read_sentences(path):
    """id -> (sentence, argument names), in file order."""
    sentences = {}
    for section, entries in load_toml(path).items():
        if not isinstance(entries, dict):
            fail(path, f"{section} stands outside any section", section)
        for key, sentence in entries.items():
            if not NAME.fullmatch(section) or not NAME.fullmatch(key):
                fail(path, f"{section}.{key}: ids are lower case with underscores", key)
            if not isinstance(sentence, str) or not sentence.strip():
                fail(path, f"{section}.{key} must be a sentence", key)
            if "!" in sentence:
                fail(path, f"{section}.{key}: sentences carry no exclamation mark", key)
            name = f"{section}_{key}"
            if name in sentences:
                fail(path, f"{name} is made by two sections", key)
            sentences[name] = (sentence, arguments(path, key, sentence))
    if not sentences:
        fail(path, "no sentences")
    return sentences


def add_findings(path, sentences):
    for name, sentence in gen_findings.sentences(path).items():
        if name in sentences:
            fail(path, f"{name} is an id of the English table already")
        sentences[name] = (sentence, set())


def check_translation(path, english, translated):
    for name, (_, names) in translated.items():
        key = name.split("_", 1)[1]
        if name not in english:
            fail(path, f"{name} is not in the English table", key)
        if names != english[name][1]:
            wanted = ", ".join(sorted(english[name][1])) or "none"
            fail(path, f"{name} must have the same arguments as the English sentence: {wanted}", key)


def ids_header(english):
    lines = [HEADER.format(script="gen_texts.py", source="data/texts/en.toml and data/findings.toml"), "#pragma once\n", "#include <cstdint>\n"]
    lines.append("namespace mtk {\n\nenum class Text : std::uint16_t {")
    lines += [f"  {name}," for name in english]
    lines.append("};\n")
    lines.append(f"inline constexpr std::uint16_t text_count = {len(english)};\n\n}}  // namespace mtk")
    return "\n".join(lines) + "\n"


def table_header(english, languages, namespace):
    lines = [HEADER.format(script="gen_texts.py", source="data/texts"), "#pragma once\n"]
    lines.append('#include "base/text.h"\n\n#include <array>\n')
    lines.append(f"namespace {namespace} {{\n")
    for code, sentences in languages.items():
        lines.append(f"inline constexpr std::array<std::string_view, text_count> sentences_{code.replace('-', '_')} = {{")
        for name in english:
            lines.append(f"    {cpp_string(sentences.get(name, ('',))[0])},  // {name}")
        lines.append("};")
    lines.append(f"\ninline constexpr std::array<Language, {len(languages)}> language_table = {{{{")
    for code in languages:
        lines.append(f"    {{{cpp_string(code)}, sentences_{code.replace('-', '_')}}},")
    lines.append(f"}}}};\n\n}}  // namespace {namespace}")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--english", required=True)
    parser.add_argument("--findings", help="findings, in English as well")
    parser.add_argument("--language", action="append", default=[], help="a translation; its name is the code")
    parser.add_argument("--ids")
    parser.add_argument("--table", required=True)
    parser.add_argument("--namespace", default="mtk")
    args = parser.parse_args()

    english = read_sentences(args.english)
    if args.findings:
        add_findings(args.findings, english)
    languages = {"en": english}
    for path in args.language:
        code = pathlib.Path(path).stem
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", code) or code in languages:
            raise DataError(f"{path}: name the file after its language, as in ru.toml or zh-CN.toml")
        languages[code] = read_sentences(path)
        check_translation(path, english, languages[code])
    if args.ids:
        write_if_changed(args.ids, ids_header(english))
    write_if_changed(args.table, table_header(english, languages, args.namespace))


if __name__ == "__main__":
    run(main)
