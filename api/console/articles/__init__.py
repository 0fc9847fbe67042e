"""What no article answers, and writing one."""
