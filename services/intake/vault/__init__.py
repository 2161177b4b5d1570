"""Where the details of a referral are kept: each field encrypted, under a key of the referral's own."""
