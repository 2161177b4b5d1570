"""What the bus promises, derived from the code: schemas, examples, AsyncAPI documents, and the check that none is broken.

`channels` says which event travels on which topic; `schema`, `examples` and `asyncapi` describe it; `compatibility` decides
whether a change is additive; `python -m shared.contracts check` compares all of it with what is checked in.
"""
