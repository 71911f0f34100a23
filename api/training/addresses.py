"""Which addresses a link may lead to: the server asks, so nothing that only the server can reach."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection

from api.errors import FetchFailed


def connect(host: str, port: int, allowed: Collection[str], seconds: float) -> socket.socket:
    """A connection to an address of `host` that is everybody's to reach.

    A host that is in `allowed`, as `host` or `host:port`, may have any address. The address is checked on
    the connection itself, so that a name with two answers is no way around it. Raises FetchFailed for an
    address that is refused, and OSError where none can be connected to.
    """
    anywhere = host.lower() in allowed or f"{host.lower()}:{port}" in allowed
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchFailed(f"There is no host {host[:200]!r}.", passing=_is_passing(error)) from error
    failed: OSError | None = None
    for family, kind, protocol, _, address in found:
        if not anywhere and not is_public(str(address[0])):
            raise _refused(host)
        try:
            connection = socket.socket(family, kind, protocol)
        except OSError as error:
            failed = error
            continue
        try:
            connection.settimeout(seconds)
            connection.connect(address)
            if not anywhere and not is_public(str(connection.getpeername()[0])):
                raise _refused(host)
            return connection
        except OSError as error:
            failed = error
            connection.close()
        except BaseException:
            connection.close()
            raise
    raise failed or OSError(f"{host} has no address")


def is_public(text: str) -> bool:
    """Whether an address is on the open internet: no private, local, shared or reserved network."""
    try:
        address: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or _nat64(address)
        if inner is not None:
            address = inner
        elif address.teredo or address.is_site_local or address.packed[:12] == bytes(12):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a translator at 64:ff9b::/96 would connect to."""
    if address in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(address.packed[12:])
    return None


def _refused(host: str) -> FetchFailed:
    return FetchFailed(
        f"The link leads to {host[:200]!r}, which is no host of the open internet. Whoever runs this service "
        "can allow it in the setting DATASET_HOSTS."
    )


def _is_passing(error: BaseException) -> bool:
    return isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
