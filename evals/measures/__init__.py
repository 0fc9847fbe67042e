"""One command a measure: intent, retrieval, answers, grounding, safety."""
