"""Figures of a period that is over: frozen, and released with what is small hidden."""
