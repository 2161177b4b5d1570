"""How long details are kept, and destroying them for good."""
