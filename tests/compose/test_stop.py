"""Stopping while people are asking."""

from tests.compose.load import Client, Outcome, Target, ended, start_clients
from tests.compose.project import PORTS, ComposeProject
from tests.compose.waiting import wait_until

MEASUREMENTS = "sepal_length=5.1&sepal_width=3.5&petal_length=1.4&petal_width=0.2"
PATHS = {"api": "/api/v1.0", "front_end_app": "/prediction"}
WARM = 20


def clients_of(stack: ComposeProject, service: str) -> list[Client]:
    """Clients at a published port, each of which has had answers already."""
    target = Target("127.0.0.1", stack.port(service), f"{PATHS[service]}?{MEASUREMENTS}")
    clients = start_clients(f"asking-{service}", target, count=6)
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
        # 137 would mean that the grace period ran out and the engine killed it.
        assert stack.inspect(service)["State"]["ExitCode"] == 0


def taken_but_unanswered(stack: ComposeProject, service: str, asking: list[Client]) -> list[str]:
    """Requests that got no byte of an answer although the service's own log says it had them."""
    unanswered = ended(asking, Outcome.UNANSWERED)
    log = "\n".join(stack.log_lines(service))
    return [request_id for request_id in unanswered if f'"{request_id}"' in log]


def test_started_again_the_services_answer(stack: ComposeProject) -> None:
    """`docker-compose start` after a stop brings both back."""
    stack.run("stop")
    stack.run("start")
    for service in PORTS:
        wait_until(lambda service=service: stack.health(service) == "healthy", f"{service} healthy")  # type: ignore[misc]
