"""Plain values in, text out: for a terminal, as HTML for notebooks, as SVG. Knows no type of the rooms below."""
