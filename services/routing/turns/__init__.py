"""What happens to a referral from outside: intake's events, agencies' answers, clocks that run out. Pure."""
