"""The probabilistic part, behind Protocols."""
