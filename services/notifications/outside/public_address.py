"""Which addresses are somebody else's on the internet, and never in our own network. Pure."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = ip_network("64:ff9b::/96")


class NotPublic(Exception):
    """The name leads into a network that is not the internet."""


def is_public(address: Address) -> bool:
    """Whether an address is somebody else's on the internet, whatever it is wrapped in."""
    inside = _wrapped(address)
    return address.is_global and not address.is_multicast and (inside is None or is_public(inside))


def the_one_to_call(found: Sequence[str], allowed: Iterable[Network] = ()) -> str:
    """One of a name's addresses, once all of them were looked at. NotPublic where one is neither public nor `allowed`."""
    networks = tuple(allowed)
    for one in map(ip_address, found):
        if not is_public(one) and not any(one in network for network in networks):
            raise NotPublic
    if not found:
        raise NotPublic
    return found[0]


def networks(written: str) -> tuple[Network, ...]:
    """Networks as a setting has them, with commas between. ValueError where one is none."""
    return tuple(ip_network(one.strip()) for one in written.split(",") if one.strip())


def _wrapped(address: Address) -> IPv4Address | None:
    """The IPv4 address within an IPv6 one."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
