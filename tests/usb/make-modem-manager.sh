#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make-modem-manager.sh DIR: Debian's ModemManager, with the message bus and the libraries it wants, under
# DIR/modem-manager: downloaded and unpacked, never installed. What is there already is kept.
set -eu
mkdir -p "$1"
dir=$(cd "$1" && pwd)
[ ! -d "$dir/modem-manager" ] || exit 0

rm -rf "$dir/modem-manager.new"
mkdir -p "$dir/modem-manager.new/download"
cd "$dir/modem-manager.new/download"
apt-get -q download modemmanager libmm-glib0 libmbim-glib4 libqmi-glib5 libqrtr-glib0 libgudev-1.0-0 \
    libpolkit-gobject-1-0 libglib2.0-0 \
    dbus-daemon libdbus-1-3 libapparmor1 libaudit1 libcap-ng0 libexpat1 libselinux1 libsystemd0
for package in *.deb; do dpkg-deb -x "$package" ..; done
rm -r ../download
mv "$dir/modem-manager.new" "$dir/modem-manager"
