"""Which addresses keys may be sent to: public ones, and those private ones that the operator has named."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NEVER_PUBLIC = ("localhost", "local", "internal", "home.arpa")
"""Names, and ends of names, that lead to this machine or its network."""


class PrivateAddress(OSError):
    """A host that may not be reached. An OSError, since that is what a resolver may raise."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """`names`: hosts, and `networks`, that may be reached although they are private."""

    names: frozenset[str] = frozenset()
    networks: tuple[_Network, ...] = ()

    @classmethod
    def parse(cls, entries: Iterable[str]) -> Reachable:
        """Each entry is a host's name, an address (`10.0.0.7`) or a network (`10.0.0.0/8`). Raises ValueError."""
        names, networks = set(), []
        for entry in filter(None, (each.strip().lower() for each in entries)):
            try:
                networks.append(ipaddress.ip_network(entry, strict=False))
            except ValueError:
                if "/" in entry or ":" in entry:
                    raise ValueError(f"{entry!r} is neither a network, nor an address, nor a host's name") from None
                names.add(entry)
        return cls(frozenset(names), tuple(networks))

    def allows_name(self, host: str) -> bool:
        """Whether a host may be reached as far as its name tells; what it resolves to is for `allows_address`."""
        host = _bare(host)
        address = _parsed(host)
        if address is not None:
            return self._allows(address)
        if host in self.names:
            return True
        is_private = any(host == end or host.endswith(f".{end}") for end in _NEVER_PUBLIC)
        return not is_private or (_is_this_machine(host) and self._allows(ipaddress.IPv4Address("127.0.0.1")))

    def allows_address(self, host: str, address: str) -> bool:
        """Whether `address`, to which the name `host` has been resolved, may be reached."""
        parsed = _parsed(address.partition("%")[0])
        return _bare(host) in self.names or (parsed is not None and self._allows(parsed))

    def _allows(self, address: _Address) -> bool:
        mapped = getattr(address, "ipv4_mapped", None)  # ::ffff:10.0.0.1 reaches 10.0.0.1
        address = mapped or address
        return (address.is_global and not address.is_multicast) or any(address in network for network in self.networks)


def _bare(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()


def _is_this_machine(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost")


def _parsed(host: str) -> _Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    # 127.1, 0x7f.1 and 2130706433 are addresses too, to whoever connects.
    if host and all(part and (part.isdecimal() or part.startswith("0x")) for part in host.split(".")):
        return _as_the_system_reads(host)
    return None


def _as_the_system_reads(host: str) -> _Address | None:
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None
