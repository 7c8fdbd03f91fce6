"""No test reaches the network: tests can connect only to addresses of this machine. No test depends
on how fast the machine is, or on luck: generated cases are the same each time, except in
`make soak`."""

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest

# How often in `make soak`.
N = int(os.environ.get("N") or 0)

hypothesis.settings.register_profile(
    "steady",
    deadline=None,
    derandomize=not N,
    max_examples=N or 25,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("steady")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A long text is told by its length, not whole."""
    long = isinstance(val, str | bytes) and len(val) > 100
    return f"{argname} of {len(val):,}" if long else None  # type: ignore[arg-type]


class NetworkReached(RuntimeError):
    """A test tried to reach another machine. No OSError: nothing may take it for an outage."""


@pytest.fixture(scope="session", autouse=True)
def no_ci() -> Iterator[None]:
    """What differs in a CI is tested by itself: everything else is the same there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CI", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded_connect(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
        yield


def _guarded_connect(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _require_local(address[0])
        return connect(self, address)

    return guarded


def _guarded_lookup(lookup: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(host: Any, *args: Any, **kwargs: Any) -> Any:
        _require_local(host)
        return lookup(host, *args, **kwargs)

    return guarded


def _require_local(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        local = ipaddress.ip_address(name).is_loopback
    except ValueError:
        local = False
    if not local:
        raise NetworkReached(f"a test tried to reach {name}")
