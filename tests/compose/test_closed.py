"""What the containers may not do."""

import json

import pytest

from tests.compose.curl import reachable
from tests.compose.project import PORTS, ComposeProject, output_of

both_services = pytest.mark.parametrize("service", sorted(PORTS))

STATUS_OF_EVERY_PROCESS = """
import json, pathlib
statuses = [dict(line.split(":\\t", 1) for line in path.read_text().splitlines() if ":\\t" in line)
            for path in pathlib.Path("/proc").glob("[0-9]*/status")]
print(json.dumps(statuses))
"""

TRY_TO_WRITE = """
import errno, json, os, sys
def outcome(folder):
    try:
        open(os.path.join(folder, "written-by-the-suite"), "w").close()
    except OSError as error:
        return errno.errorcode[error.errno]
    os.remove(os.path.join(folder, "written-by-the-suite"))
    return "written"
folders = ["/", "/app", "/app/" + sys.argv[1], "/app/venv/bin", "/etc", "/usr/local/bin", "/var/tmp", "/tmp"]
print(json.dumps({folder: outcome(folder) for folder in folders}))
"""

# dateutil keeps its table of time zones in an archive: that one is a part of the package.
FIND_DOWNLOADS = """
import json, os
found = [os.path.join(folder, name) for top in ("/root", "/home", "/app", "/var/cache")
         for folder, _, names in os.walk(top) for name in names
         if name.endswith((".deb", ".whl", ".tar.gz")) or "/.cache/" in folder + "/"]
found = [path for path in found if not path.endswith("/dateutil/zoneinfo/dateutil-zoneinfo.tar.gz")]
print(json.dumps(found))
"""

BUILD_TOOLS = ("cc", "c++", "gcc", "g++", "clang", "tcc", "ld", "as", "make", "cmake", "cargo", "rustc")


@both_services
def test_every_process_is_unprivileged(stack: ComposeProject, service: str) -> None:
    """No process is root, holds or can gain a capability, or can gain a privilege."""
    statuses = stack.ask_python(service, STATUS_OF_EVERY_PROCESS)
    assert len(statuses) >= 2
    for status in statuses:
        assert "0" not in status["Uid"].split() + status["Gid"].split(), status["Name"]
        assert {int(status[kind], 16) for kind in ("CapPrm", "CapEff", "CapBnd", "CapInh", "CapAmb")} == {0}
        assert status["NoNewPrivs"] == "1"


@both_services
@pytest.mark.parametrize("user", ["", "0"], ids=["as itself", "as root"])
def test_the_root_is_read_only(stack: ComposeProject, service: str, user: str) -> None:
    """Writing anywhere but in /tmp is refused because the file system is read-only, whoever asks."""
    tried = json.loads(stack.execute(service, "python", "-c", TRY_TO_WRITE, service, user=user))
    assert tried.pop("/tmp") == "written"  # noqa: S108 - the container's own
    assert set(tried.values()) == {"EROFS"}, tried


@both_services
def test_only_this_machine_can_connect(stack: ComposeProject, service: str) -> None:
    """The one published port is bound to 127.0.0.1, and another address of this machine refuses."""
    network = stack.inspect(service)["NetworkSettings"]
    bindings = [binding for published in network["Ports"].values() for binding in published or []]
    assert bindings == [{"HostIp": "127.0.0.1", "HostPort": str(stack.port(service))}]
    (attached,) = network["Networks"].values()
    assert reachable("127.0.0.1", stack.port(service))
    assert not reachable(attached["Gateway"], stack.port(service))


def test_both_are_on_the_one_named_network(stack: ComposeProject) -> None:
    """The services share the network the file names, and are on no other."""
    networks = {name for service in PORTS for name in stack.inspect(service)["NetworkSettings"]["Networks"]}
    assert networks == {f"{stack.name}_bouquet"}


@both_services
def test_the_image_holds_no_build_tool(stack: ComposeProject, service: str) -> None:
    """There is no compiler, no linker, and no pip beside the application."""
    program = f"""
import importlib.util, json, shutil
print(json.dumps([tool for tool in {BUILD_TOOLS!r} if shutil.which(tool)]
                 + [name for name in ("pip", "setuptools") if importlib.util.find_spec(name)]))
"""
    assert stack.ask_python(service, program) == []


@both_services
def test_the_image_holds_no_cache(stack: ComposeProject, service: str) -> None:
    """Nothing that pip or apt downloaded was left behind."""
    assert json.loads(stack.execute(service, "python", "-c", FIND_DOWNLOADS, user="0")) == []


def test_the_front_end_has_no_numpy(stack: ComposeProject) -> None:
    """The browser service carries nothing of the models' mathematics."""
    program = """
import importlib.util, json
names = ("numpy", "onnxruntime", "sklearn", "scipy", "onnx")
print(json.dumps([name for name in names if importlib.util.find_spec(name)]))
"""
    assert stack.ask_python("front_end_app", program) == []


@both_services
def test_the_image_holds_no_password(stack: ComposeProject, service: str) -> None:
    """Neither the image's settings nor the record of its making names a credential."""
    image = stack.image(service)
    history = output_of(["docker", "history", "--no-trunc", image])
    inspected = output_of(["docker", "image", "inspect", image])
    for word in ("my_password", "my_username", "PASSWORD", "USERNAME"):
        assert word not in history + inspected


@both_services
def test_the_image_says_what_it_is(stack: ComposeProject, service: str) -> None:
    """The OCI labels carry title, description, licence and version."""
    (inspected,) = json.loads(output_of(["docker", "image", "inspect", stack.image(service)]))
    labels = inspected["Config"]["Labels"]
    assert all(labels[f"org.opencontainers.image.{name}"] for name in ("title", "description", "version"))
    assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"


@pytest.mark.parametrize(
    "setting", ["LOCAL_USE=0", "API_PASSWORD="], ids=["sample pair beyond this machine", "no password"]
)
def test_the_api_refuses_to_start_open(stack: ComposeProject, setting: str) -> None:
    """Without credentials of one's own, the image starts for local use only, and says so."""
    refused = stack.attempt("run", "--rm", "-T", "--no-deps", "-e", setting, "api")
    assert refused.returncode != 0
    assert "API_PASSWORD" in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stdout + refused.stderr
