"""The public form: pages on which anyone can tell the taskforce what they know."""
