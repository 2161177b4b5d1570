"""The figures as pages: true counts for the inside, releases for everybody."""
