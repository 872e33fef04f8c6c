# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""OpenPGP keys, made by gpg."""

import itertools
import subprocess
import tempfile

NUMBERS = itertools.count()


def gpg(home, *arguments, input=None):
    done = subprocess.run(["gpg", "--homedir", home, "--batch", "--quiet", *arguments], input=input,
                          capture_output=True, text=True, check=True)
    return done.stdout


def request(number):
    return (f"%no-protection\nKey-Type: eddsa\nKey-Curve: ed25519\nName-Real: Key {number}\n"
            "Expire-Date: 0\n%commit\n")


def new_keys(count):
    """That many new keys: armored, by fingerprint."""
    with tempfile.TemporaryDirectory() as home:
        requests = "".join(request(number) for number in itertools.islice(NUMBERS, count))
        gpg(home, "--generate-key", input=requests)
        listed = gpg(home, "--list-keys", "--with-colons").splitlines()
        fingerprints = [line.split(":")[9] for line in listed if line.startswith("fpr:")]
        keys = {one: gpg(home, "--armor", "--export", one) for one in fingerprints}
        subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=True)
    return keys
