"""The outboxes of agencies: what is read there, what each record led to, and the answer where it has no effect."""
