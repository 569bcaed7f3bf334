"""Stage 03: what a community has, each thing once, and who can reach it."""
