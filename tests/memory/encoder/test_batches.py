"""Texts are encoded together where that costs less than one by one."""

from memory.encoder.onnx_encoder import BATCH, BATCH_TOKENS, in_batches


def test_each_text_is_in_one_batch_of_bounded_size() -> None:
    """Short ones share a batch, long ones have one of their own, and the order is by length."""
    lengths = [5, 256, 7, 300, 6, 8, 100, 120, 5, 5, 5, 5, 5]
    found = list(in_batches(lengths))
    assert sorted(place for batch in found for place in batch) == list(range(len(lengths)))
    for batch in found:
        longest = max(lengths[place] for place in batch)
        assert len(batch) == 1 or (len(batch) <= BATCH and longest * len(batch) <= BATCH_TOKENS)
    assert [len(batch) for batch in found] == [8, 2, 1, 1, 1]
    assert list(in_batches([])) == []
