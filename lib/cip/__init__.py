"""Community Insight Profiles from one parameter file."""

__version__ = "0.1.0"
