"""What the product and its library cost, measured: one module per benchmark, one JSON line per figure."""
