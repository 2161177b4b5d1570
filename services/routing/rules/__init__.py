"""What is decided by: the rules of config/, with agencies and clocks as one book, and the decision on a case. Pure."""
