"""`evals trials`: a folder of odd inputs, each judged by what it expects."""
