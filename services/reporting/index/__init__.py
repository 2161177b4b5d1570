"""All cases as sets of numbers, in memory and kept in step with the database, and the sums over them."""
