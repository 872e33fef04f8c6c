# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""A root directory, a network and processes that a job has for itself."""

import os

# The machine's directories, with a new /charm, /tmp and /proc.
SCRIPT = """
root=/mnt; mount -t tmpfs sandbox $root
for entry in /*; do
  if [ -L "$entry" ]; then cp -P "$entry" $root/
  elif [ "$entry" = /proc ]; then mkdir $root/proc; mount -t proc proc $root/proc
  elif [ "$entry" = /tmp ]; then mkdir -m 1777 $root/tmp
  elif [ "$entry" = $root ]; then :
  elif [ -d "$entry" ]; then mkdir "$root$entry"; mount --rbind "$entry" "$root$entry"
  fi
done
mkdir -p $root/charm/containers/hockeypuck
ip link set lo up
exec chroot $root env --chdir="$0" "$@"
"""


def sandboxed(*command):
    """The command that runs a command in a sandbox, and ends everything in it at the end."""
    return ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--propagation",
            "private", "bash", "-euc", SCRIPT, os.getcwd(), *command]
