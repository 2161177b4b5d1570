"""What a message may say, in which words. The templates are here, and one wording a language. Pure."""
