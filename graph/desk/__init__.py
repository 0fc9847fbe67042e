"""What a tenant writes: the model of desk.yaml, its file, its people, its problems, its limits."""
