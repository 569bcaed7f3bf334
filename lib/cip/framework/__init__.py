"""The framework's instruments: what is known, how ready the work is, who steers it."""
