"""Runs the command line."""

from shared.bus.command import main

main()
