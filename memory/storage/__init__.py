"""The database, its migrations, checkpoints and the queue."""
