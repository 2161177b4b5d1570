"""Connections to addresses that others gave us: to the internet alone, never into our own network."""
