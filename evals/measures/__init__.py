"""One command for each measure: intent, retrieval, answers, grounding, safety."""
