"""Coming back with a receipt code: seeing that it is here, taking it back, saying that contact is no longer safe."""
