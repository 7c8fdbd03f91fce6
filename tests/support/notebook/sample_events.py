"""A sample of every event on the wire: its name, required args and optional args."""

from __future__ import annotations

from typing import Any

TIME = "2026-11-22T17:08:46.123Z"
TEXT = {"type": "inline", "data": "text", "metadata": {"anode": {"role": "tool", "none": None}}}
ARTIFACT = {"type": "artifact", "artifactId": "art-1", "metadata": {"bytes": 9}}
BUNDLE = {
    "text/plain": TEXT,
    "image/png": ARTIFACT,
    # A null of the data's own is data.
    "application/json": {"type": "inline", "data": {"a": [1, 2.5, None, True]}},
    "application/x-null": {"type": "inline", "data": None},
}
ERROR = {"ename": "ValueError", "evalue": "bad", "traceback": ["line 1", "line 2"]}
MODEL = {"name": "m", "displayName": "M", "provider": "p", "capabilities": ["completion"]}
CAPABILITIES = {
    "canExecuteCode": True,
    "canExecuteSql": False,
    "canExecuteAi": True,
    "availableAiModels": [MODEL],
}
OUTPUT = {"id": "o", "cellId": "c", "position": 2}
ACTOR = {"actorId": "me"}

Args = dict[str, Any]
SAMPLES: list[tuple[str, Args, Args]] = [
    ("v1.NotebookTitleChanged", {"title": "A title"}, {}),
    ("v1.NotebookMetadataSet", {"key": "k", "value": "v"}, {}),
    ("v1.CellCreated", {"id": "c", "cellType": "sql", "position": 1.5, "createdBy": "me"}, ACTOR),
    (
        "v2.CellCreated",
        {"id": "c", "cellType": "ai", "fractionalIndex": "a0", "createdBy": "me"},
        {},
    ),
    (
        "v1.CellSourceChanged",
        {"id": "c", "source": "x = 1\n", "modifiedBy": "me"},
        {"base": {"head": 1, "lines": ["x = 2"], "tail": 0}},
    ),
    ("v1.CellTypeChanged", {"id": "c", "cellType": "raw"}, ACTOR),
    ("v1.CellDeleted", {"id": "c"}, ACTOR),
    ("v1.CellMoved", {"id": "c", "newPosition": 3}, ACTOR),
    ("v2.CellMoved", {"id": "c", "fractionalIndex": "b"}, ACTOR),
    ("v1.CellSourceVisibilityToggled", {"id": "c", "sourceVisible": False}, ACTOR),
    ("v1.CellOutputVisibilityToggled", {"id": "c", "outputVisible": False}, ACTOR),
    ("v1.CellAiContextVisibilityToggled", {"id": "c", "aiContextVisible": False}, ACTOR),
    (
        "v1.SqlResultVariableChanged",
        {"cellId": "c", "changedBy": "me"},
        {"resultVariable": "sales"},
    ),
    (
        "v1.AiSettingsChanged",
        {
            "cellId": "c",
            "provider": "openai",
            "model": "m",
            "settings": {"temperature": 0.5, "maxTokens": 100, "systemPrompt": "Be short."},
        },
        {},
    ),
    (
        "v1.RuntimeSessionStarted",
        {
            "sessionId": "s",
            "runtimeId": "r",
            "runtimeType": "python",
            "capabilities": CAPABILITIES,
        },
        {},
    ),
    ("v1.RuntimeSessionStatusChanged", {"sessionId": "s", "status": "busy"}, {}),
    ("v1.RuntimeSessionRenewal", {"sessionId": "s", "renewedAt": TIME, "validForMs": 30000}, {}),
    ("v1.RuntimeSessionTerminated", {"sessionId": "s", "reason": "displaced"}, {}),
    (
        "v1.ExecutionRequested",
        {"queueId": "q", "cellId": "c", "executionCount": 4, "requestedBy": "me"},
        ACTOR,
    ),
    (
        "v1.MultipleExecutionRequested",
        {"requestedBy": "me", "cellsInfo": [{"id": "c", "executionCount": 4, "queueId": "q"}]},
        {},
    ),
    ("v1.ExecutionAssigned", {"queueId": "q", "runtimeSessionId": "s"}, {}),
    (
        "v1.ExecutionStarted",
        {"queueId": "q", "cellId": "c", "runtimeSessionId": "s", "startedAt": TIME},
        {"executionCount": 3},
    ),
    (
        "v1.ExecutionCompleted",
        {
            "queueId": "q",
            "cellId": "c",
            "status": "error",
            "completedAt": TIME,
            "executionDurationMs": 12.5,
        },
        {"error": "It failed."},
    ),
    (
        "v1.ExecutionCancelled",
        {"queueId": "q", "cellId": "c", "cancelledBy": "me", "reason": "stop"},
        ACTOR,
    ),
    ("v1.AllExecutionsCancelled", {}, {}),
    ("v1.TerminalOutputAdded", {**OUTPUT, "content": TEXT, "streamName": "stderr"}, {}),
    (
        "v2.TerminalOutputAppended",
        {"id": "d", "outputId": "o", "delta": "more", "sequenceNumber": 0},
        {},
    ),
    ("v1.MarkdownOutputAdded", {**OUTPUT, "content": TEXT}, {}),
    (
        "v2.MarkdownOutputAppended",
        {"id": "d", "outputId": "o", "delta": "more", "sequenceNumber": 0},
        {},
    ),
    ("v1.MultimediaDisplayOutputAdded", {**OUTPUT, "representations": BUNDLE}, {"displayId": "x"}),
    ("v1.MultimediaDisplayOutputUpdated", {"displayId": "x", "representations": BUNDLE}, {}),
    (
        "v1.MultimediaResultOutputAdded",
        {**OUTPUT, "representations": BUNDLE, "executionCount": 4},
        {},
    ),
    ("v1.ErrorOutputAdded", {**OUTPUT, "content": {"type": "inline", "data": ERROR}}, {}),
    ("v1.CellOutputsCleared", {"cellId": "c", "wait": True, "clearedBy": "s"}, {}),
    ("v1.AllOutputsCleared", {"clearedBy": "me"}, {}),
    (
        "v1.OutputDelta",
        {
            "id": "d",
            "cellId": "c",
            "outputId": "o",
            "sequenceNumber": 7,
            "delta": {"text": "t", "data": BUNDLE, "metadata": {"anode": {"usage": None}}},
        },
        {},
    ),
    (
        "v1.ToolApprovalRequested",
        {
            "toolCallId": "t",
            "cellId": "c",
            "toolName": "run",
            "arguments": {"code": "1", "none": None},
            "requestedAt": TIME,
        },
        {},
    ),
    (
        "v1.ToolApprovalResponded",
        {"toolCallId": "t", "status": "denied", "approvedBy": "me", "respondedAt": TIME},
        {"reason": "Not this file."},
    ),
    ("v1.CellMetadataSet", {"cellId": "c", "key": "tags", "value": ["a", None]}, {}),
    ("v1.NotebookJsonSet", {"key": "kernelspec", "value": None}, {}),
    (
        "v1.ToolPolicySet",
        {"tool": "run", "policy": "risky", "setBy": "me"},
        {"scope": {"cellId": "c", "runId": "q"}},
    ),
    (
        "v1.OutputRestored",
        {
            **OUTPUT,
            "output": {"kind": "display", "bundle": BUNDLE, "metadata": {}, "displayId": "x"},
        },
        {"executionCount": 4},
    ),
]
