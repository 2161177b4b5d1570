"""The record of everything that was done with people's details, in which nothing can be changed unnoticed."""
