"""Everything runs twice, everything is killed at random, and a pure checker says whether anything was lost.

`python -m tests.chaos --seconds 1200 --seed 7` is the long run (`make chaos`); test_short.py is the one in `make test`.
"""
