"""Why a command does not go on, in words for the operator. The figures in use are then as they were."""


class Refused(Exception):
    """What is wrong, and what to do about it."""
