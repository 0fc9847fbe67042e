"""The exported encoder is torch's, or it is not used."""

from pathlib import Path

import numpy as np
import pytest

from memory.encoder import export as encoder_export
from memory.encoder.export import KEPT, check, default_model
from memory.encoder.faults import EncoderUnavailable
from memory.encoder.onnx_encoder import CHECKED, EXPORTED, OnnxEncoder
from memory.encoder.opening import open_encoder
from memory.encoder.sentences import SENTENCES
from memory.knowledge.late_interaction import align, compact, pack, unpack

CACHE = Path(".cache")


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    """The real one, exported and checked at most once on a machine."""
    return open_encoder(CACHE, threads=1)


@pytest.fixture
def target(encoder: OnnxEncoder, tmp_path: Path) -> Path:
    """A folder with the export of another one, unchecked."""
    exported = (CACHE / "encoders" / encoder.revision / EXPORTED).resolve()
    (tmp_path / EXPORTED).symlink_to(exported)
    return tmp_path


def test_what_differs_from_torch_is_refused_and_removed(
    target: Path, encoder: OnnxEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence with another vector is enough."""
    other = encoder.encode(SENTENCES)
    other[3] = other[4]
    monkeypatch.setattr(encoder_export, "by_torch", lambda _folder: other)
    with pytest.raises(EncoderUnavailable, match="differs from torch"):
        check(default_model(), target)
    assert not (target / EXPORTED).exists()
    assert not (target / CHECKED).exists()


def test_what_agrees_is_noted(
    target: Path, encoder: OnnxEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that torch is not needed at the next start."""
    same = encoder.encode(SENTENCES)
    monkeypatch.setattr(encoder_export, "by_torch", lambda _folder: same)
    assert check(default_model(), target) > encoder_export.LEAST_COSINE
    assert (target / CHECKED).exists()


def test_both_looks_in_one_run_are_the_same_as_in_two(encoder: OnnxEncoder) -> None:
    """Whatever shares a batch with a text, to the precision of the arithmetic."""
    texts = SENTENCES[:20]
    pooled, tokens = encoder.encode_both(texts)
    assert np.allclose(pooled, encoder.encode(texts), atol=1e-6)
    for text, each in zip(texts, tokens, strict=True):
        assert np.allclose(each, encoder.encode_tokens([text])[0], atol=1e-5)


def test_few_directions_tell_passages_apart_as_all_do(encoder: OnnxEncoder) -> None:
    """The basis is orthonormal; what is stored ranks a question's answer first."""
    assert encoder.basis.shape == (encoder.width, KEPT)
    assert np.allclose(encoder.basis.T @ encoder.basis, np.eye(KEPT), atol=1e-5)
    passages = ["Refunds reach your bank within seven days.", "Press the power button twice."]
    stored = [pack([tokens], encoder.basis) for tokens in encoder.encode_tokens(passages)]
    asked = compact(encoder.encode_tokens(["When do I get my money back?"])[0], encoder.basis)
    found = align(
        asked, {one: unpack(part, encoder.basis) for one, part in zip("ab", stored, strict=True)}
    )
    assert found["a"].score > found["b"].score


def test_one_that_is_whole_is_used_where_nothing_may_be_written(
    encoder: OnnxEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image's cache, or one that another user made, needs neither a lock nor a folder."""

    def refuse(*_given: object, **_options: object) -> None:
        raise PermissionError("a cache that this user may only read")

    monkeypatch.setattr(encoder_export, "FileLock", refuse)
    for name in ("mkdir", "touch"):
        monkeypatch.setattr(Path, name, refuse)
    made = encoder_export.exported(default_model(), CACHE)
    assert made.name == encoder.revision
