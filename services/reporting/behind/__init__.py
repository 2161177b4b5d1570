"""The coded cases behind a figure, for the inside alone; each look is written down."""
