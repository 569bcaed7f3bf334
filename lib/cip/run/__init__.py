"""Running notebooks: one area, several areas, and the record of each run."""
