"""Models on boards under options: the grid of what is tried (grid.py), and what it gave, as JSON, CSV and a page (table.py, page.py)."""
