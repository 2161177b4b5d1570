"""A referral and what it may go through: the state, the table of transitions, and the parts of which a turn is made. Pure."""
