"""The delivery core: how a record of Kafka becomes an effect exactly once, and what happens when it cannot.

Read in this order: `errors` (what can go wrong), `order` (newer, older, too new), `reader` (a batch of records),
`parking` (a failed event holds back its key), `dead_letters`, `halt`, `watchdog`, `replay`. The writing half is
`shared.outbox`. Nothing in here knows what a referral is.
"""
