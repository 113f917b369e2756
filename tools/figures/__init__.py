"""The figures of the methods pages: one module a page, with `draw(data) -> Figure`, from the real data."""
