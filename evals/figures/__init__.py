"""What every measuring stands on: rows of cases, a base of articles, figures, reports."""
