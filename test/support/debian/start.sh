#!/bin/sh -eu
# Runs the machine in FOLDER, whose ssh is reached at PORT of this one and nowhere else. Usage: start.sh FOLDER PORT
# DISK [OPTION...], with more options of the disk and of QEMU. Ends with the process that called it.

folder=$1 port=$2 disk=$3
shift 3

# An emulated processor translates code again wherever it lies at another address, and clears pages and counts memory
# slowly: without all that, a program starts in a seventh of the time.
FAST='mitigations=off nokaslr norandmaps init_on_alloc=0 cgroup_disable=memory apparmor=0'

exec setpriv --pdeathsig KILL qemu-system-x86_64 -accel tcg,thread=multi -smp 1 -m 1024 \
  -no-user-config -nodefaults -display none \
  -kernel "$folder/kernel" -initrd "$folder/initrd" \
  -append "root=/dev/vda rw console=ttyS0 quiet net.ifnames=0 $FAST" \
  -drive "file=$folder/disk,format=raw,if=virtio$disk" \
  -netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$port-:22" -device virtio-net-pci,netdev=net "$@"
