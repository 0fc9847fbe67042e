"""Outside systems that misbehave on command, each in a process of its own."""
