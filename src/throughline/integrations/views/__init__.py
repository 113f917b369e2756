"""Pages of importing and exporting goals."""
