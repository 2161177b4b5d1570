"""Reports and releases as files: CSV, workbook, PDF, JSON, and charts as pictures."""
