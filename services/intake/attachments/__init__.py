"""Files that belong to a referral: taken in a stream, encrypted piece by piece, given out like the rest of its details."""
