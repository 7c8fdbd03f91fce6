"""What is known of the services, as services.json has it, which the demo page reads too."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

from ..complaints.unread import Allows, Reach


@dataclass(frozen=True, slots=True)
class Service:
    """What is known of a service.

    ``key_header`` is the header that its key goes into, ``headers`` go out with every request.
    ``page_size`` is the parameter that asks for all of its models at once; ``models`` are listed if
    that list cannot be had, and the first is used if none is chosen. The other fields are as in
    OpenAI's presets.
    """

    title: str
    base_url: str
    key_from: str
    key_header: str
    headers: Mapping[str, str]
    page_size: str
    models: Sequence[str]
    cors: str
    cors_allows: Allows
    cors_checked: str
    source: str

    @property
    def reach(self) -> Reach:
        return Reach(self.title, self.cors, self.cors_allows, self.cors_checked)


SERVICES: Mapping[str, Service] = MappingProxyType(
    {
        name: Service(**facts)
        for name, facts in json.loads(
            (files(__package__) / "services.json").read_text("utf-8")
        ).items()
    }
)
