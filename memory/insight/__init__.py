"""What a tenant's tickets came to: computed from the rows, never kept beside them."""
