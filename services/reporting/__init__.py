"""Reporting: folds the events of the flow into one document per referral, and works figures out of those.

It never sees a person's details: events hold coded facts only. Everything it keeps can be rebuilt from the topics.
Read the folders in this order; imports go the other way: `cases` (events to documents), `figures` and `measures` (in which
figures a case counts), `index` (all cases in memory), `reports` (what is asked, and the answer), `exports` (files), `release`
(frozen and suppressed), `extract` and `behind` (single cases, for few), `pages`. Beside them: `rebuild`, `usecases`, `app`.
"""
