"""`evals replies`: what replies say, against labels of what a right one says."""
