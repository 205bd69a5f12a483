# SPDX-License-Identifier: Apache-2.0
"""The files of a firmware folder, made from the description of a virtual phone (docs/format/phone.md)."""
