"""How a referral is kept: its document, its history, its place in the queues, and the events that go out with each change."""
