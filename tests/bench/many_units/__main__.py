# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""Disturbs a keyserver of three units while clients use it, and counts what they notice.

    many_units CHARM              one disturbance after the other, as a table
    many_units CHARM SEED MINUTES disturbances in a random order, and one line at the end
    many_units CHARM figures      how fast they are without a disturbance
"""

import os
import pathlib
import random
import sys
import time

sys.path.append(str(pathlib.Path(__file__).parents[1] / "hook_cost"))

from keys import new_keys  # noqa: E402
from figures import Figures  # noqa: E402
from keyservers import EDGE, INTERVAL, Keyservers  # noqa: E402
from load import Load  # noqa: E402

REHEARSE = f"{os.environ.get('BUILD', 'build/dev')}/rehearsal/model/rehearse"
LOOKUPS_PER_SECOND = 10
UPLOADS_PER_SECOND = 3
PATIENCE = 60  # Seconds until the trees and the peer have every key.

DISTURBANCES = {
    "nothing": Keyservers.leave_alone,
    "the leader's pod is lost": Keyservers.lose_leader,
    "a pod moves": Keyservers.move_a_pod,
    "leadership moves": Keyservers.move_leadership,
    "the password changes": Keyservers.rotate_password,
    "an option restarts all": Keyservers.change_an_option,
    "refresh": Keyservers.refresh,
    "3, 5, 3 units": Keyservers.scale_up_and_down,
    "3, 1, 3 units": Keyservers.scale_down_and_up,
    "3, 0, 3 units": Keyservers.pause,
    "five keys are blocked": Keyservers.block_keys,
    "PostgreSQL fails over": Keyservers.fail_over,
    "PostgreSQL stops for 20 s": Keyservers.stop_database,
    "a million keys are blocked": Keyservers.import_block_list,
}
AT_RANDOM = list(DISTURBANCES)[1:-1]  # The last one takes too long.


def after_repair(keyservers):
    """What a unit that does not lead does in its turn. The other units learn the digests from it."""
    keyservers.repair()
    trees = keyservers.wait_for_trees(PATIENCE)
    return "never" if trees is None else f"a rebuild of one, {trees:.0f} s"


def row(name, keyservers, load):
    """Waits until all is over, and says what became of the lookups and the uploads."""
    acknowledged = load.acknowledged
    trees = keyservers.wait_for_trees(PATIENCE)
    complete = f"{trees:.0f} s" if trees is not None else after_repair(keyservers)
    lost = keyservers.missing(acknowledged)
    back = keyservers.present(load.blocked)
    # Only traefik-route leads the peer to the keyserver.
    reached = keyservers.at_the_peer(acknowledged, PATIENCE if EDGE == "traefik-route" else 0)
    lookups = load.lookups
    failures = {status: count for status, count in lookups.statuses.items() if status != 200}
    return [name, f"{lookups.failed} of {lookups.total}", f"{lookups.longest_gap:.1f} s",
            " ".join(f"{count} x {status}" for status, count in sorted(failures.items())),
            f"{load.refused} of {load.refused + len(acknowledged)}", str(len(lost)), str(len(back)),
            complete, f"{reached} of {len(acknowledged)}"]


HEADER = ["disturbance", "lookups failed", "longest gap", "answers", "uploads refused",
          "acknowledged keys lost",
          "blocked keys present", "all trees complete after", "keys at the peer"]


def show(cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def disturb(keyservers, load, name):
    DISTURBANCES[name](keyservers, load)
    keyservers.settle()


def each(keyservers, keys, names):
    for name in names:
        with Load(keyservers.proxy(), keys, LOOKUPS_PER_SECOND, UPLOADS_PER_SECOND, 1) as load:
            time.sleep(3)
            disturb(keyservers, load, name)
            time.sleep(3)
        cells = row(name, keyservers, load)
        show(cells)


def at_random(keyservers, keys, seed, minutes):
    chance = random.Random(seed)
    done = []
    end = time.monotonic() + 60 * minutes
    with Load(keyservers.proxy(), keys, LOOKUPS_PER_SECOND, UPLOADS_PER_SECOND, seed) as load:
        time.sleep(3)
        while time.monotonic() < end:
            done.append(chance.choice(AT_RANDOM))
            disturb(keyservers, load, done[-1])
            time.sleep(chance.uniform(0, 2 * INTERVAL))
    show(row(f"seed {seed}: {len(done)} disturbances", keyservers, load))
    print("in this order: " + ", ".join(done))


def main():
    charm = sys.argv[1]
    with Keyservers(REHEARSE, None) as keyservers:
        keyservers.charm = charm
        keyservers.deploy(charm)
        if sys.argv[2:] == ["figures"]:
            figures = Figures(keyservers, list(new_keys(100).items()))
            is_fast = figures.show_times()
            figures.show_lookups()
            sys.exit(0 if is_fast else 1)
        show(HEADER)
        show(["---"] * len(HEADER))
        if len(sys.argv) == 4 and sys.argv[2].isdigit():
            minutes = float(sys.argv[3])
            keys = list(new_keys(int(minutes * 60 * UPLOADS_PER_SECOND * 1.5)).items())
            at_random(keyservers, keys, int(sys.argv[2]), minutes)
        else:
            keys = list(new_keys(3000).items())
            each(keyservers, keys, sys.argv[2:] or DISTURBANCES)


if __name__ == "__main__":
    main()
