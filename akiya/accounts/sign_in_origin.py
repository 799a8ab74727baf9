"""The origin of a sign-in: precise enough for people to recognise themselves, too vague to identify anybody."""

import ipaddress
from dataclasses import dataclass
from typing import Self

# The order matters, the first match counts: Edge also calls itself Chrome, and Chrome also calls itself Safari.
_PROGRAMS = {
    "Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "FxiOS": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome",
    "Safari": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "Windows": "Windows", "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Mac OS": "Mac", "CrOS": "ChromeOS",
    "Linux": "Linux",
}  # fmt: skip
_UNKNOWN = "不明"


@dataclass(frozen=True)
class Origin:
    """The origin of a sign-in: an IP network (/24 or /48, never the address) and a device like "Chrome / Windows"."""

    network: str = ""
    device: str = ""

    @classmethod
    def of(cls, address: str | None, user_agent: str) -> Self:
        """Return the origin of a request with this IP address and User-Agent header."""
        program, system = (
            next((name for mark, name in names.items() if mark in user_agent), _UNKNOWN)
            for names in (_PROGRAMS, _SYSTEMS)
        )
        return cls(_network(address or ""), f"{program} / {system}")


def _network(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if ip.version == 6 and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))
