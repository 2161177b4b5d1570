"""What the systems of providers use besides sending: what became of a referral, and sending many."""
