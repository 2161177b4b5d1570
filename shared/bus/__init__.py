"""The closed bus: its topics, users, access rules and quotas as data, and the command that makes a broker match them."""
