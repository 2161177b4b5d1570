"""The way of every change to the database and out, and the desk's API: what people see of referrals and command."""
