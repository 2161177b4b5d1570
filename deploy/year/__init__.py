"""A synthetic year of the region: made-up referrals in plausible numbers, for pictures, for trying things out and for load."""
