"""Every channel under faults and kill -9, judged by what its other side received."""
