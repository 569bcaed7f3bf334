"""Figures, tables, maps and text: the only place that knows colours and fonts."""
