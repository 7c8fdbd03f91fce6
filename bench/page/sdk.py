"""The openai Python SDK in Pyodide, with the transport over fetch that its HTTP client brings."""

import json

from openai import AsyncOpenAI


async def read(base: str) -> str:
    client = AsyncOpenAI(api_key="k", base_url=base, max_retries=0)
    stream = await client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": "?"}], stream=True
    )
    deltas = [
        chunk.choices[0].delta.content
        async for chunk in stream
        if chunk.choices and chunk.choices[0].delta.content
    ]
    return json.dumps(deltas)
