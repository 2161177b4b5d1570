"""Routing: decides who is asked to act on a referral, and keeps its life from then on.

Read in this order. Pure: `derived` (conclusions from the facts), `rules` (the decision), `referral` (the state),
`assignments` (the table of transitions), `turn` (a state and what happens to it), then what a turn may be: `intake`,
`answers`, `expiry`, with `offers`, `rerouting`, `clocks`, `closing` as their parts. Around it: `rule_book` (configuration),
`document` and `store` (MongoDB), `journal` (events as bytes), `usecases` (load, decide, save, publish), `app` (wiring).
"""
