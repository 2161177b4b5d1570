"""All figures made anew from the topics, while the readers go on."""
