"""Who is told of what, and who is next while nobody answers: decided from config/notices.yaml and the events. Pure."""
