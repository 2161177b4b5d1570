"""Routing: decides who is asked to act on a referral, and keeps its life from then on.

Read the folders in this order; imports go the other way. Pure: `rules` (the decision on a case), `life` (the state, the table
of transitions, the parts of a turn), `turns` (what intake, agencies and clocks do to a referral), `commands` (what people do).
Around them: `keeping` (documents, history, events as bytes), `desk` (load, decide, save, publish; what people see),
`agencies` (their outboxes), `usecases` (batches), `app` (wiring). Beside them: `review` (rules before they hold), `sandbox`.
"""
