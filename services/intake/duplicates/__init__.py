"""Which referrals may tell of the same person, found without storing anything that could be read."""
