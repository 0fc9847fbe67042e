"""Articles, chunks and hybrid search."""
