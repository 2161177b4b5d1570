"""A notice, several in one message, and an attempt to hand one over: how each ends, when it is tried again. Pure."""
