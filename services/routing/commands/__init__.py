"""What people at the desk may ask for, who may, and what it does to a referral or why it does nothing. Pure."""
