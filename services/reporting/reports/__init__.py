"""What is asked for, and the report that answers it: tables, trends, equity, and reports that somebody waits for."""
