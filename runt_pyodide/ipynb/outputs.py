"""One output of a cell, in a file and in a notebook. What a notebook has no place for is carried
with it, whole, and is written again as long as nothing has changed the output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..notebook import events as ev
from ..notebook.state.output import Output
from ..notebook.state.snapshot import output_json
from .carried import CARRIED
from .exact_json import clean, is_equal, is_whole, pack, to_text, unpack
from .upgrade import is_json

# What an AI run says about an output stands for all its representations.
_RECORD = "anode"


def read_output(written: Any) -> dict[str, Any]:
    """Return what ``v1.OutputRestored`` says of an output of a file, besides its place. ``written``
    is in the form of ``upgrade``."""
    read = _read_plain(written if isinstance(written, dict) else {})
    read["output"] = clean(read["output"])
    if not is_equal(_write_state(_state_of(read)), written):
        metadata = {**read["output"].get("metadata", {}), CARRIED: pack(written)}
        read["output"] = {**read["output"], "metadata": metadata}
    return read


def _read_plain(written: dict[str, Any]) -> dict[str, Any]:
    data, metadata = written.get("data"), written.get("metadata")
    match written.get("output_type"):
        case "stream":
            name = "stderr" if written.get("name") == "stderr" else "stdout"
            text = _text_of(written.get("text"))
            return {"output": {"kind": "terminal", "text": text, "streamName": name}}
        case "error":
            lines = written.get("traceback")
            error = {
                "ename": _text_of(written.get("ename")),
                "evalue": _text_of(written.get("evalue")),
                "traceback": [_text_of(line) for line in _as_list(lines)],
            }
            return {"output": {"kind": "error", "error": error}}
        case "execute_result":
            read: dict[str, Any] = {"output": {"kind": "result", **_read_bundle(data, metadata)}}
            count = written.get("execution_count")
            if count is not None and is_whole(count):
                read["executionCount"] = int(count)
            return read
    if not _is_markdown(metadata):
        return {"output": {"kind": "display", **_read_bundle(data, metadata)}}
    text = _text_of(data.get("text/markdown") if isinstance(data, dict) else None)
    # What JupyterLite shows of an answer may have notices in it.
    own = metadata["runt"].get("text") if isinstance(metadata, dict) else None
    text = own if isinstance(own, str) else text
    return {"output": {"kind": "markdown", "text": text, "metadata": _own_metadata(metadata)}}


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [item for one in value for item in (one if isinstance(one, list) else [one])]
    return [] if value is None else [value]


def _is_markdown(metadata: Any) -> bool:
    runt = metadata.get("runt") if isinstance(metadata, dict) else None
    return isinstance(runt, dict) and runt.get("kind") == "markdown"


def _read_bundle(written: Any, about: Any) -> dict[str, Any]:
    """Return {bundle, metadata}: the representations, with what the metadata say of each, and the
    rest of the metadata."""
    metadata = _own_metadata(about)
    bundle: dict[str, Any] = {}
    for mime, data in (written if isinstance(written, dict) else {}).items():
        bundle[mime] = {"type": "inline", "data": data}
        if _is_own(metadata.get(mime)):
            bundle[mime]["metadata"] = metadata.pop(mime)
    runt = about.get("runt") if isinstance(about, dict) else None
    artifacts = runt.get("artifacts") if isinstance(runt, dict) else None
    for mime, artifact in (artifacts if isinstance(artifacts, dict) else {}).items():
        bundle[mime] = {"type": "artifact", "artifactId": _text_of(artifact)}
    return {"bundle": bundle, "metadata": metadata}


def _is_own(metadata: Any) -> bool:
    """Return whether metadata can stand at a representation, apart from that of the output."""
    is_object = isinstance(metadata, dict) and bool(metadata)
    return is_object and CARRIED not in metadata and _RECORD not in metadata


def _own_metadata(metadata: Any) -> dict[str, Any]:
    """Return the output's metadata, without what is of our files."""
    items = metadata.items() if isinstance(metadata, dict) else ()
    return {key: value for key, value in items if key not in ("runt", CARRIED)}


def _text_of(text: Any) -> str:
    if isinstance(text, str):
        return text
    return "" if text is None else to_text(clean(text))


def write_output(output: Output) -> Any:
    """Return the output as a file has it, with its lines joined."""
    state = output_json(output)
    metadata = dict(state.get("metadata", {}))
    if CARRIED not in metadata:
        return _write_state(state)
    theirs = unpack(metadata.pop(CARRIED))
    then = _state_of(read_output(theirs))
    if is_equal({**then, "id": state["id"], "position": state["position"]}, state):
        return theirs
    return _write_state({**state, "metadata": metadata})


def _state_of(restored: Mapping[str, Any]) -> dict[str, Any]:
    args = {"id": "", "cellId": "", "position": 0, **restored}
    return output_json(Output(ev.OutputRestored.model_validate(args)))


def _write_state(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return the output in a file, for its state without what is carried."""
    kind, metadata = state["kind"], state.get("metadata", {})
    match kind:
        case "terminal":
            name = state.get("streamName", "stdout")
            return {"output_type": "stream", "name": name, "text": state.get("text", "")}
        case "error":
            error = state.get("error", {})
            lines = error.get("traceback")
            return {
                "output_type": "error",
                "ename": str(error.get("ename", "")),
                "evalue": str(error.get("evalue", "")),
                "traceback": [str(line) for line in lines] if isinstance(lines, list) else [],
            }
        case "markdown":
            return {
                "output_type": "display_data",
                "data": {"text/markdown": state.get("text", "")},
                "metadata": {**metadata, "runt": {"kind": kind}},
            }
    shown = _write_bundle(state.get("bundle", {}), metadata)
    if kind == "display":
        return {"output_type": "display_data", **shown}
    return {
        "output_type": "execute_result",
        "execution_count": state.get("executionCount"),
        **shown,
    }


def _write_bundle(bundle: Mapping[str, Any], metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return {data, metadata}. The given metadata are those of the representations, merged, and
    others."""
    data: dict[str, Any] = {}
    artifacts: dict[str, str] = {}
    about = {key: one for key, one in metadata.items() if not _is_of_one(bundle, key, one)}
    for mime, one in bundle.items():
        if one["type"] == "artifact":
            artifacts[mime] = one["artifactId"]
        else:
            data[mime] = one["data"] if is_json(mime) else _text_of(one["data"])
        own = {key: item for key, item in (one.get("metadata") or {}).items() if key != _RECORD}
        if own:
            about[mime] = own
    if artifacts:
        about["runt"] = {"artifacts": artifacts}
    return {"data": data, "metadata": about}


def _is_of_one(bundle: Mapping[str, Any], key: str, value: Any) -> bool:
    """Return whether a value in an output's metadata is that of one of the representations."""
    if key == _RECORD:
        return False
    owners = [
        one["metadata"] for _, one in sorted(bundle.items()) if key in (one.get("metadata") or {})
    ]
    return bool(owners) and is_equal(owners[-1][key], value)
