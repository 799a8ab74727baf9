"""Where somebody signs in from, told roughly enough to recognise oneself and to give nobody away."""

import ipaddress
from dataclasses import dataclass
from typing import Self

# The first that stands in the text counts: Edge says that it is also Chrome, and Chrome that it is also Safari.
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
    """`network` is an address without its last part, `device` a program and a system: Chrome / Windows."""

    network: str = ""
    device: str = ""

    @classmethod
    def of(cls, address: str | None, user_agent: str) -> Self:
        """The origin of a request from `address` by a program that calls itself `user_agent`."""
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
