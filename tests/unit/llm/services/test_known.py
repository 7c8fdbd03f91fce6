"""What is known of the services, which Python and the demo page read."""

from __future__ import annotations

import pytest

from runt_pyodide.config import provider_type
from runt_pyodide.llm.access.address import Address
from runt_pyodide.llm.services.known import SERVICES


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_a_type_and_says_what_a_page_must_know(name: str) -> None:
    known = SERVICES[name]
    assert provider_type(name) is not None
    assert Address.read(known.base_url).scheme == "https"
    assert known.models
    assert known.source
    assert known.title in known.reach.describe()
    assert known.cors_checked in known.reach.describe()
