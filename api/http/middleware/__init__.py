"""What every request passes through: its log line, its audit row, the limit of its body."""
