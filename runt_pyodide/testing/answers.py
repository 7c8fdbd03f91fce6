"""Everything that a service says reaches the caller, in the form that all providers share."""

from __future__ import annotations

import asyncio

from ..llm.messages import (
    ChatRequest,
    ChatSettings,
    FinishDelta,
    Image,
    Message,
    ToolCall,
    ToolCallDelta,
    ToolSpec,
    UsageDelta,
)
from .case import REQUEST, Heard, ProviderCase, at, needs, read_calls, wanted
from .rig import MODEL, Call, Delivery, Turn

_SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}}
_FULL_REQUEST = ChatRequest(
    messages=(
        Message("user", "What is this?", images=(Image("image/png", "iVBORw0KGgo="),)),
        Message("assistant", "Let me see.", tool_calls=(ToolCall("c1", "add", '{"a": 1}'),)),
        Message("tool", "2", tool_call_id="c1", tool_name="add"),
        Message("assistant", "", tool_calls=(ToolCall("c2", "add", "no JSON"),)),
        Message("tool", "The arguments are no JSON.", tool_call_id="c2", tool_name="add"),
        Message("user", "Go on \u2014 \U0001f642"),
    ),
    model=MODEL,
    tools=(ToolSpec("add", "Adds.", _SCHEMA),),
    system_prompt="Be brief.",
    settings=ChatSettings(temperature=0.5, max_tokens=100, top_p=0.9, seed=1, stop=("END",)),
    response_format=_SCHEMA,
)
# Characters of two, three and four bytes in UTF-8, and two that some parsers take for line ends.
_UNICODE = ("\u00fc \u4f60\u2028\u0085", "\U0001f642!")
_ONE = (Call("add", {"a": 1}, "one"),)
_TWO = (*_ONE, Call("add", {"\u00fc": [None, "\U0001f642"]}, "two"))


class Answers(ProviderCase):
    async def test_text_comes_whole_and_the_end_comes_last(self) -> None:
        heard = await self.hear(Turn(text=("The sky ", "is ", "blue.")))
        self.assert_ended(heard)
        self.assertEqual(heard.text, "The sky is blue.")

    async def test_an_empty_answer_ends_as_any_other(self) -> None:
        heard = await self.hear(Turn())
        self.assert_ended(heard)
        self.assertEqual((heard.text, heard.calls), ("", []))

    @needs("thinking")
    async def test_thinking_is_kept_apart_from_text(self) -> None:
        heard = await self.hear(Turn(text=("Blue.",), thinking=("Light ", "scatters.")))
        self.assert_ended(heard)
        response = heard.reply.response()
        self.assertEqual((response.text, response.thinking), ("Blue.", "Light scatters."))

    @needs("refusal")
    async def test_a_refusal_is_told_in_its_words(self) -> None:
        heard = await self.hear(Turn(refusal=("I cannot ", "do that.")))
        self.assertEqual(heard.text, "I cannot do that.")
        last = heard.deltas[-1]
        filtered = isinstance(last, FinishDelta) and last.reason == "content_filter"
        self.assert_ended(heard, "content_filter" if filtered else "stop")

    @needs("usage")
    async def test_usage_is_what_the_service_counted(self) -> None:
        heard = await self.hear(Turn(text=("hi",), usage=(7, 1)))
        usages = [delta.usage for delta in heard.deltas if isinstance(delta, UsageDelta)]
        self.assertEqual([(u.input_tokens, u.output_tokens) for u in usages[-1:]], [(7, 1)])

    @needs("length")
    async def test_the_limit_of_tokens_is_told(self) -> None:
        heard = await self.hear(Turn(text=("half",), ending="length"))
        self.assert_ended(heard, "length")
        self.assertEqual(heard.text, "half")

    @needs("tools")
    async def test_a_call_is_told_and_the_turn_ends_for_it(self) -> None:
        heard = await self.hear(Turn(calls=_ONE))
        self.assert_ended(heard, "tool_calls")
        self.assertEqual((heard.text, heard.calls), ("", wanted(_ONE)))

    @needs("tools")
    async def test_text_and_a_call_may_be_in_one_turn(self) -> None:
        heard = await self.hear(Turn(text=("Let me ", "see."), calls=_ONE))
        self.assert_ended(heard, "tool_calls")
        self.assertEqual((heard.text, heard.calls), ("Let me see.", wanted(_ONE)))

    @needs("tools")
    async def test_two_calls_are_two_each_with_an_id(self) -> None:
        heard = await self.hear(Turn(calls=_TWO))
        self.assert_ended(heard, "tool_calls")
        self.assertEqual(heard.calls, wanted(_TWO))
        ids = {call.id for call in heard.reply.tool_calls}
        self.assertEqual(len(ids - {""}), 2, "ids, the provider's own where the service has none")

    @needs("tools", "call ids")
    async def test_the_ids_of_calls_are_the_service_s(self) -> None:
        heard = await self.hear(Turn(calls=_TWO))
        self.assertEqual([call.id for call in heard.reply.tool_calls], ["one", "two"])

    @needs("tools")
    async def test_id_and_name_come_whole_with_the_first_piece_of_a_call(self) -> None:
        heard = await self.hear(Turn(calls=_TWO))
        seen: set[int] = set()
        for piece in heard.deltas:
            if isinstance(piece, ToolCallDelta):
                named = (bool(piece.id), piece.name)
                wants = (False, None) if piece.index in seen else (True, "add")
                self.assertEqual(named, wants, f"id and name in {piece}")
                seen.add(piece.index)
        self.assertEqual(len(seen), 2)

    @needs("tools")
    async def test_a_call_may_have_no_arguments(self) -> None:
        calls = (Call("now"),)
        heard = await self.hear(Turn(calls=calls))
        self.assert_ended(heard, "tool_calls")
        self.assertEqual(heard.calls, wanted(calls))

    async def test_all_that_a_request_may_hold_is_taken(self) -> None:
        heard = await self.hear(Turn(text=("Yes.",)), request=_FULL_REQUEST)
        self.assert_ended(heard)
        self.assertEqual(heard.text, "Yes.")

    async def test_execute_prompt_is_the_stream_drained(self) -> None:
        turn = self._full_turn()
        streamed = (await self.hear(turn)).reply.response()
        whole = await self.rig.provider(turn).execute_prompt(REQUEST)
        for name in ("text", "thinking", "finish_reason", "usage", "notice"):
            self.assertEqual(getattr(whole, name), getattr(streamed, name), name)
        self.assertEqual(read_calls(whole), wanted(turn.calls))

    async def test_turns_at_the_same_time_are_kept_apart(self) -> None:
        turn = self._full_turn()
        # Each in two pieces, so that the pieces of the two interleave.
        half = None if self.lacks("wire") else len(self.rig.wire(turn).body) // 2
        provider = self.rig.provider(turn, Delivery(split=half))
        async with asyncio.timeout(self.seconds):
            both = await asyncio.gather(Heard().listen(provider), Heard().listen(provider))
        for heard in both:
            self.assert_ended(heard, "tool_calls" if turn.calls else "stop")
            said = (heard.text, heard.reply.response().thinking, heard.calls)
            text, thinking = "".join(turn.text), "".join(turn.thinking)
            self.assertEqual(said, (text, thinking, wanted(turn.calls)))

    @needs("wire")
    async def test_what_came_is_told_while_the_rest_is_awaited(self) -> None:
        provider = self.rig.provider(Turn(text=("first",), ending="cut"), Delivery(then="hold"))
        heard = Heard()
        listening = asyncio.create_task(heard.listen(provider))
        try:
            async with asyncio.timeout(self.seconds):
                await heard.begun.wait()
        finally:
            listening.cancel()
            await asyncio.wait({listening})
        self.assertEqual(heard.text, "first")

    @needs("wire")
    async def test_unicode_survives_every_split(self) -> None:
        turn = self._full_turn(calls=_TWO[1:])
        for split in range(len(self.rig.wire(turn).body) + 1):
            with at(f"cut in two at byte {split}"):
                heard = await self.hear(turn, Delivery(split=split))
                self.assert_ended(heard, "tool_calls" if turn.calls else "stop")
                said = (heard.text, heard.reply.response().thinking, heard.calls)
                text, thinking = "".join(turn.text), "".join(turn.thinking)
                self.assertEqual(said, (text, thinking, wanted(turn.calls)))

    def _full_turn(self, calls: tuple[Call, ...] = _TWO) -> Turn:
        """Return a turn with everything that the service can say in one."""
        thinking = () if self.lacks("thinking") else _UNICODE
        return Turn(_UNICODE, thinking, () if self.lacks("tools") else calls)
