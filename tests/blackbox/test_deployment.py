"""What starts the command where nobody sits in front of it: the unit for systemd, the manifests for Kubernetes and Argo.

No systemd and no cluster runs here: the unit is checked by systemd-analyze, and the system calls that it allows are
enforced with libseccomp, as systemd does; manifests are checked against the schemas of what reads them (npm's
kubernetes-models), and the command lines in them are run.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import ctypes
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest
from conftest import CAPTURES, REPOSITORY, TIMEOUT_SECONDS, need_program, node_package

UNIT = REPOSITORY / "packaging/systemd/multistatus-follow@.service"
LOCKED = "apache-partial-delete-423.pcapng"


# ------------------------------------------------------------------------------------- systemd ----



def settings(section):
    """Pairs of a section; a name may come several times."""
    lines = UNIT.read_text().partition(f"[{section}]\n")[2].partition("\n[")[0].splitlines()
    return [line.split("=", 1) for line in lines if line and not line.startswith("#")]


def setting(name):
    [value] = [value for key, value in settings("Service") if key == name]
    return value


@pytest.fixture
def unit(tmp_path, world):
    """An instance of the unit, with the command that was built."""
    path = tmp_path / "multistatus-follow@var-captures.service"
    path.write_text(UNIT.read_text().replace("/usr/bin/multistatus", str(world.command)))
    return path


def analyze(*arguments):
    need_program("systemd-analyze")
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False,
                          timeout=TIMEOUT_SECONDS)


def test_unit_is_sound(unit):
    result = analyze("verify", "--man=no", unit)
    assert (result.returncode, result.stderr) == (0, "")


def test_unit_is_sandboxed(unit):
    """"OK" ends at 1.9, of 10."""
    result = analyze("security", "--offline=true", "--threshold=15", unit)
    if "offline" in result.stderr:
        pytest.skip("this systemd-analyze reads no files")
    assert result.returncode == 0, result.stdout[-500:]


def allowed_calls():
    """The system calls that the unit allows, by their names."""
    groups = {}
    for line in analyze("syscall-filter").stdout.splitlines():
        if line.startswith("@"):
            name = line.split()[0]
            groups[name] = []
        elif line.startswith("    ") and not line.lstrip().startswith("#"):
            groups[name].append(line.strip())

    def expand(name):
        return {call for member in groups[name] for call in expand(member)} if name.startswith("@") else {name}

    allowed = set()
    for key, value in settings("Service"):
        if key == "SystemCallFilter":
            words = {call for word in value.lstrip("~").split() for call in expand(word)}
            allowed = allowed - words if value.startswith("~") else allowed | words
    return allowed


CONFINE = """
import ctypes, os, sys
library = ctypes.CDLL("libseccomp.so.2")
library.seccomp_init.restype = ctypes.c_void_p
rules = ctypes.c_void_p(library.seccomp_init(0x00050000 | 1))       # EPERM
for name in sys.argv[1].split(","):
    number = library.seccomp_syscall_resolve_name(name.encode())
    if number >= 0:
        assert library.seccomp_rule_add(rules, 0x7fff0000, number, 0) == 0
assert library.seccomp_load(rules) == 0
ctypes.CDLL(None).prctl(65, 1, 0, 0, 0)     # no memory that is writable and executable; from Linux 6.3 on
os.execv(sys.argv[2], sys.argv[2:])
"""


@pytest.fixture
def confined(world):
    """Starts the command with the system calls of the unit and no others."""
    try:
        ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("libseccomp is not installed")
    calls = ",".join(sorted(allowed_calls()))

    def start(*arguments):
        return subprocess.Popen([sys.executable, "-c", CONFINE, calls, world.command, *map(str, arguments)],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=world.environment())
    return start


def test_sandbox_of_workers_works_in_the_unit(confined, command):
    """Landlock and seccomp are no part of systemd's @system-service."""
    with confined("--version", "--verbose") as process:
        out, _ = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 0
    assert out.decode() == command("--version", "--verbose").text
    assert re.search("^sandbox of workers: ", out.decode(), re.MULTILINE)


def test_the_line_of_the_unit_runs_in_it(confined, command, tmp_path):
    """With its arguments, folders and system calls: a capture is read, SIGHUP, another one, and the end."""
    words = setting("ExecStart").split()
    assert words[0] == "/usr/bin/multistatus"
    folders = {name: tmp_path / name for name in ("captures", "state", "logs")}
    for folder in folders.values():
        folder.mkdir()
    words = [word.replace("%f", str(folders["captures"])).replace("${STATE_DIRECTORY}", str(folders["state"]))
             .replace("${LOGS_DIRECTORY}", str(folders["logs"])) for word in words[1:]]
    assert not [word for word in words if "%" in word or "$" in word]
    log = folders["logs"] / "exchanges.ecs"

    def await_lines(count):
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while not log.exists() or len(log.read_text().splitlines()) < count:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)

    with confined(*words) as process:
        shutil.copy(CAPTURES / LOCKED, folders["captures"])
        await_lines(3)
        os.rename(log, folders["logs"] / "exchanges.1")
        process.send_signal(signal.SIGHUP)
        await_lines(0)
        shutil.copy(CAPTURES / "usec-apache-perm.pcap", folders["captures"])
        await_lines(1)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=TIMEOUT_SECONDS)
    assert (process.returncode, said) == (0, b"")
    wanted = command("-T", "ecs", CAPTURES / LOCKED).text.replace(str(CAPTURES), str(folders["captures"]))
    assert (folders["logs"] / "exchanges.1").read_text() == wanted
    assert len(list(folders["state"].iterdir())) == 2


def test_unit_knows_the_statuses(command):
    """What is no failure of the service, and what starting again would not mend."""
    assert setting("SuccessExitStatus") == "2" and setting("RestartPreventExitStatus") == "1 4"
    text = " ".join(command("--help").text.split())
    assert "1 usage; 2 some input failed" in text and "4 bad filter or preference" in text


# ------------------------------------------------------------------------------------ clusters ----

MANIFESTS = {"kubernetes/scan.yaml": ("kubernetes-models", "kubernetes-models/batch/v1", "Job"),
             "kubernetes/report.yaml": ("kubernetes-models", "kubernetes-models/batch/v1", "Job"),
             "argo/workflow.yaml": ("@kubernetes-models/argo-workflows",
                                    "@kubernetes-models/argo-workflows/argoproj.io/v1alpha1", "Workflow")}


def manifest(name):
    yaml = pytest.importorskip("yaml")
    return yaml.safe_load((REPOSITORY / "packaging" / name).read_text())


@pytest.mark.parametrize("name", MANIFESTS)
def test_manifest_follows_its_schema(name):
    package, module, kind = MANIFESTS[name]
    folder = node_package(package)
    program = (f"import {{{kind}}} from '{module}'; import {{readFileSync}} from 'node:fs';"
               f"new {kind}(JSON.parse(readFileSync(0, 'utf8'))).validate();")

    def check(of):
        return subprocess.run(["node", "--input-type=module", "-e", program], cwd=folder.parent, check=False,
                              input=json.dumps(of), capture_output=True, text=True)

    good = check(manifest(name))
    assert good.returncode == 0, good.stderr[-600:]
    bad = manifest(name)
    bad["spec"]["activeDeadlineSeconds"] = "soon"
    assert check(bad).returncode != 0           # so it does look


@pytest.fixture
def archive(tmp_path):
    """The folder that all nodes see, as docs/cluster.md has it filled. One of the captures is none."""
    captures = tmp_path / "captures"
    captures.mkdir()
    for path in sorted(CAPTURES.glob("apache-*.pcapng")):
        shutil.copy(path, captures)
    (captures / "broken.pcap").write_bytes(b"no capture")
    shutil.copytree(REPOSITORY / "packaging/slurm", tmp_path / "slurm")
    names = sorted(str(path) for path in captures.iterdir())
    (tmp_path / "captures.list").write_text("".join(f"{name}\n" for name in names))
    return tmp_path


@pytest.fixture
def run_container(world, archive):
    def run(container, known, **more):
        """`known` replaces {{...}}, as Argo does."""
        def fill(text):
            for key, value in known.items():
                text = text.replace("{{" + key + "}}", value)
            assert "{{" not in text
            return text

        environment = {entry["name"]: fill(entry["value"]) if "value" in entry else "2"
                       for entry in container["env"]}
        path = f"{os.path.dirname(world.command)}:{os.environ['PATH']}"
        assert container["workingDir"] in [mount["mountPath"] for mount in container["volumeMounts"]]
        done = subprocess.run(container["command"] + list(map(fill, container["args"])), cwd=archive, check=False,
                              env=world.environment(PATH=path, **environment, **more), capture_output=True)
        return done.returncode
    return run


def check_report(command, archive):
    whole = command("--files-from", archive / "captures.list", "--html", archive / "whole.html")
    assert whole.status == 2
    assert (archive / "results/report.txt").read_bytes() == whole.stdout
    assert (archive / "results/report.html").read_bytes() == (archive / "whole.html").read_bytes()


def containers_of(job):
    [container] = job["spec"]["template"]["spec"]["containers"]
    return container


def test_indexed_job_reads_what_one_run_reads(command, archive, run_container):
    scan, report = manifest("kubernetes/scan.yaml"), manifest("kubernetes/report.yaml")
    parts = scan["spec"]["completions"]
    assert scan["spec"]["completionMode"] == "Indexed"
    for job in (scan, report):
        assert [entry["value"] for entry in containers_of(job)["env"] if entry["name"] == "PARTS"] == [str(parts)]
    for index in range(parts - 1):
        assert run_container(containers_of(scan), {}, JOB_COMPLETION_INDEX=str(index)) == 0
    assert run_container(containers_of(report), {}) != 0        # one part is missing
    assert run_container(containers_of(scan), {}, JOB_COMPLETION_INDEX=str(parts - 1)) == 0
    assert run_container(containers_of(report), {}) == 0
    check_report(command, archive)


def test_part_that_is_not_done_is_a_failure(archive, run_container):
    """So that it is started again."""
    (archive / "captures.list").unlink()
    scan = containers_of(manifest("kubernetes/scan.yaml"))
    (archive / "results").write_text("in the way")
    assert run_container(scan, {}, JOB_COMPLETION_INDEX="0") == 1


def test_workflow_reads_what_one_run_reads(command, archive, run_container):
    spec = manifest("argo/workflow.yaml")["spec"]
    templates = {template["name"]: template for template in spec["templates"]}
    known = {f"workflow.parameters.{entry['name']}": entry["value"] for entry in spec["arguments"]["parameters"]}
    scan, report = templates[spec["entrypoint"]]["dag"]["tasks"]
    assert (scan["template"], report["template"], report["dependencies"]) == ("scan", "report", [scan["name"]])
    sequence = scan["withSequence"]
    last = int(sequence["end"].replace("{{workflow.parameters.parts}}", known["workflow.parameters.parts"]))
    for item in range(int(sequence["start"]), last + 1):
        [parameter] = scan["arguments"]["parameters"]
        inputs = {f"inputs.parameters.{parameter['name']}": parameter["value"].replace("{{item}}", str(item))}
        assert run_container(templates["scan"]["container"], {**known, **inputs}) == 0
    assert run_container(templates["report"]["container"], known) == 0
    check_report(command, archive)
