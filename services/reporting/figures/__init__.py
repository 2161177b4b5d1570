"""What a measure is made of: its rows, when what it counts happened, and by what it can be narrowed down. Pure."""
