"""Notifications: tells people what routing decided, and asks on until somebody has seen it. It decides nothing about referrals.

Read the folders in this order; imports go the other way. Pure: `directory` (who can be told), `notices` (what is told, and how
that ends), `plan` (who is told of what, who is next), `texts` (in which words). Around them: `channels` (the ways to tell),
`keeping` (MongoDB), `sending` (the stages), `answers` (what comes back), `usecases`, `app` (wiring). Beside them: `oversight`.
"""
