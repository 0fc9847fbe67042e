"""A bench for the tests of what people do with the agent's tickets."""

from tests.bench import bench, open_bench

__all__ = ["bench", "open_bench"]
