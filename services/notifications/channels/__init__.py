"""The ways to tell somebody; one module each."""
