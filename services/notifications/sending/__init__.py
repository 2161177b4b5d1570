"""The stages from a plan to an answer of the other side: group, claim, send, record, and escalate while nobody answers."""
