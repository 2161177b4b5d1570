"""De-identified records for partners that are named in a file: what of a case they get, how, and who took what.

Read in this order: `codes` (what a case says), `mapping` (how it is said in the standard's words), `anonymity` (how coarse that
has to be), `partners`, `taking` (the use case), `ledger` (who took what), `api`.
"""
