"""The runtime sessions that a notebook has had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .. import events as ev

SessionStatus = Literal["starting", "ready", "busy", "restarting", "terminated"]


@dataclass(slots=True)
class RuntimeSession:
    id: str
    runtime_id: str
    runtime_type: str
    capabilities: ev.Capabilities
    status: SessionStatus = "starting"


class Sessions:
    """The runtime sessions of a notebook. Each starts once and ends once."""

    def __init__(self) -> None:
        self.by_id: dict[str, RuntimeSession] = {}

    def active(self) -> list[RuntimeSession]:
        return [session for session in self.by_id.values() if session.status != "terminated"]

    def start(self, event: ev.RuntimeSessionStarted) -> None:
        if event.session_id not in self.by_id:
            self.by_id[event.session_id] = RuntimeSession(
                event.session_id, event.runtime_id, event.runtime_type, event.capabilities
            )

    def set_status(self, event: ev.RuntimeSessionStatusChanged) -> None:
        self._set(event.session_id, event.status)

    def renew(self, _event: ev.RuntimeSessionRenewal) -> None:
        """Do nothing: no state depends on renewals, since time passes outside the log."""

    def terminate(self, event: ev.RuntimeSessionTerminated) -> None:
        self._set(event.session_id, "terminated")

    def _set(self, session_id: str, status: SessionStatus) -> None:
        session = self.by_id.get(session_id)
        if session and session.status != "terminated":
            session.status = status
