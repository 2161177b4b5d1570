"""Runs the command line."""

from deploy.embedded.cli import main

main()
