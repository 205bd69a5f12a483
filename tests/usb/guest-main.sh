#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The guest's first program: starts udevd, then runs what the second serial line names, until that says "end".
# Job N is the script SHARE/N.cmd; its output goes to N.out and N.err, its process to N.pid, and "N status" back over the line.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/run TERM=dumb
share=$1
udev=$(dirname "$share")/udev
mkdir -p /dev/pts /run/udev/rules.d
mount -t devpts devpts /dev/pts
cp "$udev/lib/udev/rules.d/50-udev-default.rules" /run/udev/rules.d
exec 3<>/dev/ttyS1
stty -F /dev/ttyS1 raw -echo
"$udev/systemd-udevd" --daemon 3>&- || echo "no udevd" >&3
"$udev/bin/udevadm" trigger --action=add --subsystem-match=usb --subsystem-match=tty
"$udev/bin/udevadm" settle --timeout=60
cd /run || exit 1
echo up >&3
while read -r job <&3; do
    [ "$job" != end ] || break
    (
        sh "$share/$job.cmd" >"$share/$job.out" 2>"$share/$job.err" </dev/null 3>&- &
        echo $! >"$share/$job.pid"
        wait $!
        echo "$job $?" >&3
    ) &
done
echo b >/proc/sysrq-trigger # with QEMU's -no-reboot this ends it at once
sleep 60
