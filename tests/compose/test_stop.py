"""Stopping while people are asking."""

import http.client
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager

from tests.compose.load import Client, Outcome, Target, ask, ended, start_clients
from tests.compose.project import PORTS, ComposeProject, output_of
from tests.compose.waiting import wait_until

MEASUREMENTS = "sepal_length=5.1&sepal_width=3.5&petal_length=1.4&petal_width=0.2"
PATHS = {"api": "/api/v1.0", "front_end_app": "/prediction"}
WARM = 20
PEOPLE = 3

# Established connections (state 01) to port 8000 (1F40), as the kernel lists them.
CONNECTIONS_TO_THE_API = """
lines = open("/proc/net/tcp").read().splitlines()[1:]
print(sum(line.split()[2].endswith(":1F40") and line.split()[3] == "01" for line in lines))
"""


def clients_of(stack: ComposeProject, service: str) -> list[Client]:
    """Clients at a published port, each of which has had answers already."""
    target = Target("127.0.0.1", stack.port(service), f"{PATHS[service]}?{MEASUREMENTS}")
    clients = start_clients(target, count=6)
    wait_until(
        lambda: all(client.tally.count(Outcome.ANSWERED) >= WARM for client in clients), f"{service} answers"
    )
    return clients


def test_stop_under_load_cuts_no_answer(stack: ComposeProject) -> None:
    """Whatever a service took in it answers whole, and it ends by itself within the grace period."""
    clients = {service: clients_of(stack, service) for service in PORTS}
    stack.run("stop")
    for service, asking in clients.items():
        for client in asking:
            client.join(timeout=60)
            assert not client.is_alive()
        assert ended(asking, Outcome.CUT) == []
        assert ended(asking, Outcome.WRONG) == []
        assert taken_but_unanswered(stack, service, asking) == []
        assert exit_status(stack, service) == 0


def exit_status(stack: ComposeProject, service: str) -> int:
    """How a service ended; 137 would mean that the grace period ran out and the engine killed it."""
    return int(stack.inspect(service)["State"]["ExitCode"])


def taken_but_unanswered(stack: ComposeProject, service: str, asking: list[Client]) -> list[str]:
    """Requests that got no byte of an answer although the service's own log says it had them."""
    unanswered = ended(asking, Outcome.UNANSWERED)
    log = "\n".join(stack.log_lines(service))
    return [request_id for request_id in unanswered if f'"{request_id}"' in log]


def test_a_page_that_waits_for_the_api_is_still_shown(stack: ComposeProject) -> None:
    """Requests that are under way when the front end is told to stop get their pages."""
    target = Target("127.0.0.1", stack.port("front_end_app"), f"/prediction?{MEASUREMENTS}")
    since = f"{time.time():.6f}"
    with ThreadPoolExecutor(max_workers=PEOPLE + 1) as pool:
        with frozen(stack, "api"):
            pages = [pool.submit(ask_once, target) for _ in range(PEOPLE)]
            wait_until(lambda: waiting_for_the_api(stack) >= PEOPLE, "requests under way in the front end")
            stopping = pool.submit(stack.run, "stop", "front_end_app")
            wait_until(lambda: told_to_stop(stack, "front_end_app", since), "the front end told to stop")
        assert [page.result() for page in pages] == [Outcome.ANSWERED] * PEOPLE
        stopping.result()
    assert exit_status(stack, "front_end_app") == 0


@contextmanager
def frozen(stack: ComposeProject, service: str) -> Iterator[None]:
    """Stop the clock of a service for a while."""
    output_of(["docker", "pause", stack.container(service)])
    try:
        yield
    finally:
        output_of(["docker", "unpause", stack.container(service)])
    # The engine calls a frozen service unhealthy until its next check.
    wait_until(lambda: stack.health(service) == "healthy", f"{service} healthy again")


def ask_once(target: Target) -> Outcome:
    """Ask on a connection of its own."""
    with closing(http.client.HTTPConnection(target.host, target.port, timeout=60)) as connection:
        return ask(connection, target.path, "under-way")


def waiting_for_the_api(stack: ComposeProject) -> int:
    """How many connections the front end has to the API."""
    program = ["python", "-ISc", CONNECTIONS_TO_THE_API]
    return int(output_of(["docker", "exec", stack.container("front_end_app"), *program]))


def told_to_stop(stack: ComposeProject, service: str, since: str) -> bool:
    """Whether the engine has sent the service its signal since then."""
    filters = ["--filter", f"container={stack.container(service)}", "--filter", "event=kill"]
    now = f"{time.time():.6f}"
    return bool(output_of(["docker", "events", "--since", since, "--until", now, *filters]).strip())


def test_an_unfinished_request_does_not_hold_up_the_stop(stack: ComposeProject) -> None:
    """A client that sends half a request and waits cannot keep a service until the engine kills it."""
    with ExitStack() as held:
        for service in PORTS:
            client = socket.create_connection(("127.0.0.1", stack.port(service)), timeout=60)
            held.enter_context(client)
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
            # Answered after the half request came, so that has been read by now.
            assert ask_once(Target("127.0.0.1", stack.port(service), "/healthz")) is Outcome.ANSWERED
        stack.run("stop")
    assert {service: exit_status(stack, service) for service in PORTS} == dict.fromkeys(PORTS, 0)


def test_started_again_the_services_answer(stack: ComposeProject) -> None:
    """`docker-compose start` after a stop brings both back."""
    stack.run("stop")
    stack.run("start")
    stack.wait_healthy(PORTS)
