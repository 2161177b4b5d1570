"""The ways to tell somebody, one module each, with the messages that they carry."""
