"""A bench for each test of this room."""

from tests.bench import bench, open_bench

__all__ = ["bench", "open_bench"]
