"""The digest of a knowledge base."""

from memory.knowledge.calibrations import articles_digest, calibration_id


def test_the_digest_follows_from_the_articles_alone() -> None:
    """In any order; a changed article, or another one, changes it."""
    base = [("a", "1"), ("b", "2")]
    assert articles_digest(base) == articles_digest(reversed(base))
    others = [[("a", "1")], [("a", "1"), ("b", "3")], [("a", "1"), ("c", "2")], []]
    assert articles_digest(base) not in {articles_digest(one) for one in others}


def test_an_id_tells_tenants_apart() -> None:
    """The same file is another calibration for another tenant."""
    assert calibration_id("acme", 0.05, 0.7) == calibration_id("acme", 0.05, 0.7)
    assert calibration_id("acme", 0.05, 0.7) != calibration_id("other", 0.05, 0.7)
