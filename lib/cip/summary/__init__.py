"""From evidence to findings and recommendations, and the versions that are published."""
