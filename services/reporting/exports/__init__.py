"""Reports and releases as files: CSV, workbook, PDF, JSON."""
