"""What a run changed is shown by nbdime, which is installed where JupyterLite is tested; here it is
not."""

from __future__ import annotations

import pytest

from runt_pyodide.command_line.difference import require_nbdime
from runt_pyodide.errors import ConfigError


def test_without_nbdime_a_sentence_says_what_to_install() -> None:
    with pytest.raises(ConfigError) as caught:
        require_nbdime()
    assert str(caught.value) == (
        "--diff needs the package nbdime, which is not installed here. "
        "Install it: pip install 'runt-pyodide[diff]'."
    )
