"""Receipt codes: what a reporter comes back with, and what is kept of one."""
