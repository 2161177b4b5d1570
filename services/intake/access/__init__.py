"""Who may read a referral's details, and reading them."""
