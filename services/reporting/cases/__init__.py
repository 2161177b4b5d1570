"""From the events of three topics to one document a referral: the case."""
