"""Who can be told, and how: desks, staff, who is on call, rooms and webhooks, and the hours at which they rest. Pure."""
