"""`make demo`: the example company's tickets, by every channel that is there."""
