"""What is seen of the running program from outside: traces, metrics and logs with their ids."""
