"""Reports: HTML and PDF from executed notebooks, downloads, and index pages."""
