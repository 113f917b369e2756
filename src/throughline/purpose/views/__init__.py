"""Pages of purpose."""
