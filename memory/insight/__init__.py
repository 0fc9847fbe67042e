"""What a tenant's tickets came to: sums of what each adds, kept by the workers."""
