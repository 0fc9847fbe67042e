"""A model of its own for short messages: the known one, opened late, and each text for itself."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from typing_extensions import override

from memory.encoder import short_texts
from memory.encoder.encoder import HashEncoder, RememberingEncoder, Vectors
from memory.encoder.faults import EncoderUnavailable
from memory.encoder.opening import open_encoder
from memory.encoder.short_texts import FILES, WIDTH, ShortTexts, check_files, kept

CACHE = Path(".cache")


@pytest.fixture(scope="module")
def model() -> ShortTexts:
    """The real one."""
    return ShortTexts(kept(CACHE))


def test_what_is_meant_alike_is_near(model: ShortTexts) -> None:
    """Though no word is shared."""
    said = model.encode(["Where is my parcel?", "I want my money back", "It will not turn on"])
    asked = model.encode(["the delivery never came", "give me a refund", "no power at all"])
    assert (asked @ said.T).argmax(axis=1).tolist() == [0, 1, 2]


def test_a_text_has_its_vector_whatever_is_encoded_with_it(model: ShortTexts) -> None:
    """Rounding to eight bits goes by what is in a run, so each text has a run of its own."""
    texts = ["Is it in stock?", "How do I change the address of an order that has left? " * 5]
    alone = np.concatenate([model.encode([text]) for text in texts])
    assert np.array_equal(model.encode(texts), alone)
    assert model.encode([]).shape == (0, WIDTH)


def test_of_a_long_text_the_end_is_not_read(model: ShortTexts) -> None:
    """A mail of many pages costs no more than one of a page."""
    start = "My order has not arrived. " * 60
    assert np.array_equal(model.encode([start]), model.encode([f"{start} I want a refund."]))


def test_nothing_is_opened_before_the_first_text(tmp_path: Path) -> None:
    """A desk without intents needs none of it: not even the files are looked at."""
    late = ShortTexts(tmp_path)
    with pytest.raises(EncoderUnavailable, match="is not the known model"):
        late.encode(["hello"])


@pytest.mark.parametrize("name", FILES)
def test_another_file_is_refused(name: str, tmp_path: Path) -> None:
    """Weights decide where a ticket goes: only the known ones are opened."""
    short_texts.copy_into(tmp_path, kept(CACHE))
    check_files(tmp_path)
    (tmp_path / name).write_bytes(b"other weights")
    with pytest.raises(EncoderUnavailable, match=rf"{name} is not the known model"):
        check_files(tmp_path)


def test_it_is_copied_from_its_package_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is whole is used as it stands, also from a folder that may not be written."""
    monkeypatch.setattr(short_texts, "bundled", lambda: kept(CACHE))
    made = kept(tmp_path)
    monkeypatch.setattr(short_texts, "bundled", lambda: pytest.fail("copied again"))
    assert kept(tmp_path) == made
    check_files(made)


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """With the setting that mends it."""
    (tmp_path / "file").write_text("")
    with pytest.raises(EncoderUnavailable, match="set DESKHAND_CACHE"):
        kept(tmp_path / "file")


def test_the_encoder_reads_short_texts_with_it(model: ShortTexts) -> None:
    """Beside the default model, whose vectors stay what they were."""
    encoder = open_encoder(CACHE, threads=1)
    texts = ["Where is my parcel?"]
    assert np.array_equal(encoder.encode_short(texts), model.encode(texts))
    assert not np.allclose(encoder.encode_short(texts), encoder.encode(texts), atol=0.1)


def test_a_remembered_text_has_a_vector_of_each_model() -> None:
    """The one is never given for the other, and each is made once."""

    class Two(HashEncoder):
        made = 0

        @override
        def encode_short(self, texts: Sequence[str]) -> Vectors:
            Two.made += len(texts)
            return -self.encode(texts)

    encoder = RememberingEncoder(Two())
    usual, short = encoder.encode(["hello"]), encoder.encode_short(["hello"])
    assert np.array_equal(short, -usual)
    assert np.array_equal(encoder.encode_short(["hello"]), short)
    assert Two.made == 1
