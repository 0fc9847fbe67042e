"""One space for sixteen languages, opened when it is first needed and only if it is the known model."""

from pathlib import Path

import pytest

from memory.encoder.faults import EncoderUnavailable
from memory.encoder.multilingual import WIDTH, MultilingualEncoder, check_files


@pytest.fixture(scope="module")
def encoder() -> MultilingualEncoder:
    """The real model."""
    return MultilingualEncoder()


@pytest.mark.parametrize(
    "question",
    [
        "Wie ändere ich meine Adresse?",
        "¿Cómo cambio mi dirección?",
        "Comment changer mon adresse ?",
        "住所を変更するにはどうすればいいですか?",
    ],
)
def test_a_question_is_nearest_to_its_own_meaning(
    encoder: MultilingualEncoder, question: str
) -> None:
    """Whatever its language."""
    texts = ["How do I change my address?", "How do I cancel my order?", "When are you open?"]
    cosines = encoder.encode(texts) @ encoder.encode([question])[0]
    assert int(cosines.argmax()) == 0


def test_vectors_have_one_shape(encoder: MultilingualEncoder) -> None:
    """Of each text, in the order given, also of repeated ones and of none."""
    found = encoder.encode(["Hallo", "Bonjour", "Hallo"])
    assert found.shape == (3, WIDTH)
    assert (found[0] == found[2]).all()
    assert encoder.encode([]).shape == (0, WIDTH)


def test_nothing_is_loaded_before_the_first_text() -> None:
    """Most desks never get a question in another language."""
    assert MultilingualEncoder()._model is None


def test_another_file_is_refused(tmp_path: Path) -> None:
    """Weights decide what people are shown: only the known ones are opened."""
    (tmp_path / "weights.npz").write_bytes(b"other weights")
    with pytest.raises(EncoderUnavailable, match=r"weights\.npz is not the known model"):
        check_files(tmp_path)
