"""Every interleaving of the protocol of accept, lease, fence, effect and settle, within bounds."""
