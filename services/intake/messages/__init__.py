"""What the coordinator and a reporter who comes back write to each other."""
