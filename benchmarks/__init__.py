"""Measures speed and memory, everything in one run and side by side: `make bench`, or `python -m benchmarks [name ...]`.

One file per measurement; a file `bare_*` holds the plain loop it is held against. `pace` counts, `rounds` interleaves,
`figure` says what came out and which goal it has, `ground` is the Kafka and the MongoDB of one measurement alone.
Ratios count, not rates: they say the same on a fast machine and on a slow one, on a quiet one and on a noisy one.
"""
