"""Real kills, budgets under load, incidents."""
