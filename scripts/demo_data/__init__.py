"""The invented county of the demonstration, written in the publishers' own layouts."""
