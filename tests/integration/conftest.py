# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""What the tests need: a model, the charm, and requests from inside the model.

They run on a real controller and on the rehearsal, whichever `juju` is on PATH.
"""

import json
import pathlib
import shutil
import subprocess
import time

import jubilant
import pytest

KEYSERVER = "hockeypuck-k8s"
ALICE = "736878501cb48d4b6ea5a98ae9d8f50dc853941b"
CAROL = "78a2ccd8807b441a3de5c0f9dc47025fd2426ad9"

# Runs in the charm container of a Python charm: pods are not reachable from every machine.
REQUEST = """
import json, sys, urllib.parse, urllib.request
url, form, headers = json.loads(sys.argv[1])
data = urllib.parse.urlencode(form).encode() if form else None
with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=10) as answer:
    sys.stdout.write(answer.read().decode())
"""


def pytest_addoption(parser):
    parser.addoption("--charm-file", required=True, type=pathlib.Path,
                     help="the packed charm; the rehearsal also accepts the unpacked folder")
    parser.addoption("--hockeypuck-image", default=None,
                     help="the image of Hockeypuck; a real controller needs it")
    parser.addoption("--workload-image", default=None,
                     help="any image with a shell; a real controller needs it")
    parser.addoption("--ingress-address", default=None,
                     help="the address of the cluster's nginx ingress controller")


@pytest.fixture(scope="module")
def charm_file(request):
    return request.config.getoption("--charm-file").resolve()


@pytest.fixture(scope="module")
def resources(request):
    image = request.config.getoption("--hockeypuck-image")
    return {"hockeypuck-image": image} if image else None


@pytest.fixture(scope="session")
def workload_image(request, tmp_path_factory):
    """The image of charms that need no program of their own."""
    image = request.config.getoption("--workload-image")
    if image is None:
        folder = tmp_path_factory.mktemp("image")
        (folder / "rehearsal-image.json").write_text('{"programs": {}}')
        image = str(folder)
    return image


@pytest.fixture(scope="module")
def rehearsal():
    """The command of the rehearsal if it is the `juju` on PATH, else nothing."""
    program = pathlib.Path(shutil.which("juju")).resolve()
    return program if program.name == "rehearse" else None


@pytest.fixture(scope="module")
def delete_pod(juju, rehearsal):
    """Returns a function that deletes the pod of a unit without the help of Juju.

    `lost` deletes it as the loss of its node does: without the hook `stop`.
    """
    model = juju.status().model.name
    if not rehearsal and not shutil.which("kubectl"):
        pytest.skip("kubectl is not on PATH")

    def delete(unit, lost=False):
        if rehearsal:
            command = [rehearsal, "-m", model, "delete-pod", unit, *(["--no-stop"] if lost else [])]
        else:
            command = ["kubectl", "--namespace", model, "delete", "pod",
                       *(["--now"] if lost else []), unit.replace("/", "-")]
        subprocess.run(command, check=True)

    return delete


class Client:
    """Sends requests from a unit, as a user inside the cluster would."""

    def __init__(self, juju, unit):
        self._juju, self._unit = juju, unit

    def ask(self, url, form=None, headers=None):
        """Returns the body of the answer. An HTTP error is a jubilant.TaskError."""
        request = json.dumps([url, form, headers or {}])
        return self._juju.exec("python3", "-c", REQUEST, request, unit=self._unit).stdout

    def wait_for(self, url, condition, timeout=180, headers=None):
        """Asks until an answer meets the condition, and returns that answer."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                answer = self.ask(url, headers=headers)
            except jubilant.TaskError as error:
                answer = str(error)
            else:
                if condition(answer):
                    return answer
            assert time.monotonic() < deadline, f"{url} answered after {timeout} s: {answer}"
            time.sleep(1)


def address(juju, unit):
    """The address of a unit's pod."""
    return juju.status().apps[unit.partition("/")[0]].units[unit].address


def hkp(juju, number=0):
    """The address of a unit's HKP."""
    return f"http://{address(juju, f'{KEYSERVER}/{number}')}:11371/pks"


def settle(juju):
    """Waits until everything is active."""
    juju.wait(jubilant.all_active, error=jubilant.any_error, timeout=1200)
