"""Reporting: folds the events of the flow into one document per referral, and works figures out of those.

It never sees a person's details: events hold coded facts only. Everything it keeps can be rebuilt from the topics.
Read in this order: `sources` (what is read), `projections` (event to document), `measures` (document to figures),
`store`, `usecases`, `rebuild`, `api`.
"""
