#!/bin/busybox sh
# SPDX-License-Identifier: Apache-2.0
# /init of the guest: modules, then the computer's own file system over 9p, read-only, so that programs run as
# they were built, under the same paths; what the tests share with it can be written.
export PATH=/bin:/usr/bin:/sbin:/usr/sbin
/bin/busybox mkdir -p /proc /sys /dev /host /sbin /usr/bin /usr/sbin
/bin/busybox --install -s
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
modprobe -a virtio_pci 9pnet_virtio 9p
options=trans=virtio,version=9p2000.L,msize=512000
mount -t 9p -o $options,ro,cache=loose host /host || exec sh
for word in $(cat /proc/cmdline); do
    case $word in mtk.share=*) share=${word#*=} ;; mtk.main=*) main=${word#*=} ;; esac
done
modprobe -a xhci-pci ehci-pci cdc-acm # in this order their buses are 1 and 2, and 3
for dir in run tmp var/tmp; do
    case $share in /$dir/*) ;; *) mount -t tmpfs tmpfs "/host/$dir" ;; esac # what is shared is not hidden
done
mount -t 9p -o $options,cache=none share "/host$share"
for dir in dev proc sys; do mount --move "/$dir" "/host/$dir"; done
exec switch_root /host "$main" "$share"
