#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make-guest.sh DIR: a Linux for a virtual machine under DIR: Debian's kernel and udev, downloaded and unpacked,
# never installed, and an initramfs. What is there already is kept.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/download"
dir=$(cd "$1" && pwd)

# The "cloud" flavour of the kernel has no USB.
if [ ! -e "$dir/vmlinux" ]; then
    cd "$dir/download"
    ls linux-image-*.deb udev_*.deb >/dev/null 2>&1 || {
        kernel=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
        [ -n "$kernel" ] || { echo "make-guest: apt knows no linux-image-amd64; run apt-get update" >&2; exit 1; }
        apt-get -q download "$kernel" udev
    }
    rm -rf "$dir/kernel" "$dir/udev"
    mkdir "$dir/kernel"
    dpkg-deb -x udev_*.deb "$dir/udev" && dpkg-deb --info linux-image-*.deb >/dev/null || {
        rm -f ./*.deb
        echo "make-guest: what was downloaded was damaged and is removed; try again" >&2
        exit 1
    }
    ln -s bin/udevadm "$dir/udev/systemd-udevd"
    dpkg-deb --fsys-tarfile linux-image-*.deb |
        tar -x -C "$dir/kernel" --wildcards './boot/vmlinuz-*' './lib/modules/*/modules.*' \
            './lib/modules/*/kernel/drivers/usb/*' './lib/modules/*/kernel/drivers/virtio/*' \
            './lib/modules/*/kernel/net/9p/*' './lib/modules/*/kernel/fs/9p/*' \
            './lib/modules/*/kernel/fs/netfs/*' './lib/modules/*/kernel/fs/fscache/*'
    # The bare ELF image boots through PVH and spares the guest seconds of emulated decompression.
    image=$(ls "$dir"/kernel/boot/vmlinuz-*)
    at=$(LC_ALL=C grep -aboP '\xfd7zXZ\x00' "$image" | head -n 1 | cut -d: -f1)
    tail -c "+$((at + 1))" "$image" | xz -dcq --single-stream >"$dir/vmlinux.new" || true
    [ -s "$dir/vmlinux.new" ] || { echo "make-guest: no kernel in $image" >&2; exit 1; }
    mv "$dir/vmlinux.new" "$dir/vmlinux"
fi

version=$(ls "$dir/kernel/lib/modules" 2>/dev/null) && [ -e "$dir/udev/systemd-udevd" ] || {
    echo "make-guest: $dir is not complete; remove it and try again" >&2
    exit 1
}
root=$dir/initramfs
rm -rf "$root"
mkdir -p "$root/bin" "$root/lib/modules/$version"
cp "$(command -v busybox)" "$root/bin/busybox"
cp "$here/guest-init.sh" "$root/init"
chmod +x "$root/init"
busybox depmod -b "$dir/kernel" -n "$version" 2>/dev/null | grep '^kernel/.*\.ko:' >"$dir/modules.dep"
for module in virtio_pci 9pnet_virtio 9p xhci-pci ehci-pci cdc-acm; do
    name=$(echo "$module" | sed 's/[-_]/[-_]/g')
    grep "/$name\.ko:" "$dir/modules.dep" || { echo "make-guest: no module $module" >&2; exit 1; }
done | tr -d : | tr ' ' '\n' | sort -u | while read -r file; do
    [ -n "$file" ] || continue
    mkdir -p "$root/lib/modules/$version/$(dirname "$file")"
    cp "$dir/kernel/lib/modules/$version/$file" "$root/lib/modules/$version/$file"
done
busybox depmod -b "$root" "$version"
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$dir/initramfs.gz"
