"""Stage 04: who was heard, what they answered, what they said, and what may be quoted."""
