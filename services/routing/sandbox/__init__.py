"""The sandbox: made-up referrals on which agencies try their own systems."""
