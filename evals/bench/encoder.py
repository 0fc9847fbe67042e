"""`evals encoder-bench`: is the exported encoder torch's, and how much faster is it?"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from evals.figures.base import read_base
from evals.figures.metrics import Metric, exact, percentile
from evals.figures.options import CACHE, Cache, Report
from evals.figures.report import describe, write_report
from memory.encoder.export import check, default_model, load_torch
from memory.encoder.opening import open_encoder
from memory.encoder.sentences import SENTENCES
from memory.knowledge.chunking import split
from memory.knowledge.vectors import encoded_windows

WARM_UP = 3
"""Calls before the clock starts."""


def encoder_bench(
    kb: Annotated[list[Path], typer.Option(help="Articles whose windows are encoded.")],
    out: Report,
    windows: Annotated[int, typer.Option(min=8, help="Windows of articles encoded.")] = 400,
    threads: Annotated[int, typer.Option(min=1, max=64, help="For both.")] = 1,
    cache: Cache = CACHE,
) -> None:
    """Compare the exported encoder with plain torch: same vectors, time of ingestion and query."""
    import torch

    torch.set_num_threads(threads)
    exported, plain = open_encoder(cache, threads=threads), load_torch(default_model())
    texts = _windows(kb)[:windows]
    least = check(default_model(), cache / "encoders" / exported.revision)
    by_torch = _plain(plain)
    metrics = {
        "least_cosine": exact(least, len(SENTENCES)),
        "query_ms_p50": percentile(_each(exported.encode), 50),
        "torch_query_ms_p50": percentile(_each(by_torch), 50),
        **_ingestion(texts, exported.encode, by_torch),
    }
    inputs = {"kb": [describe(path) for path in kb], "threads": threads, "windows": len(texts)}
    write_report(out, inputs=inputs | {"encoder": exported.revision}, metrics=metrics)


def _ingestion(
    texts: Sequence[str],
    exported: Callable[[Sequence[str]], Any],
    by_torch: Callable[[Sequence[str]], Any],
) -> dict[str, Metric]:
    """Windows a second: exported, by torch as it batches by itself, and by torch one at a time."""
    fast, batched = _rate(exported, texts), _rate(by_torch, texts)
    single = _rate(lambda some: [by_torch([one]) for one in some], texts[: max(len(texts) // 4, 8)])
    return {
        "windows_per_second": exact(fast, len(texts)),
        "torch_windows_per_second": exact(batched, len(texts)),
        "torch_one_by_one_per_second": exact(single, len(texts)),
        "times_torch": exact(fast / batched, len(texts)),
        "times_torch_one_by_one": exact(fast / single, len(texts)),
    }


def _windows(kb: Sequence[Path]) -> list[str]:
    drafts, _ = read_base(kb)
    return [
        text
        for one in drafts
        for passage in split("measured", one.doc_id, one.title, one.text)
        for text in encoded_windows(one.title, passage.text)
    ]


def _plain(model: Any) -> Callable[[Sequence[str]], Any]:
    return lambda texts: model.encode(
        list(texts), normalize_embeddings=True, show_progress_bar=False
    )


def _each(encode: Callable[[Sequence[str]], Any]) -> list[float]:
    """Milliseconds for each of the fixed texts that could be a question."""
    asked = [text for text in SENTENCES if len(text) < 200]  # noqa: PLR2004
    for text in asked[:WARM_UP]:
        encode([text])
    return [_rate_ms(encode, text) for text in asked]


def _rate_ms(encode: Callable[[Sequence[str]], Any], text: str) -> float:
    start = time.perf_counter()
    encode([text])
    return (time.perf_counter() - start) * 1000


def _rate(encode: Callable[[Sequence[str]], Any], texts: Sequence[str]) -> float:
    encode(texts[:WARM_UP])
    start = time.perf_counter()
    encode(texts)
    return len(texts) / (time.perf_counter() - start)
