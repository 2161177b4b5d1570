"""On-call plans that stand at an address: read again and again, kept for when it does not answer."""
