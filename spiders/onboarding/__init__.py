"""From an address to a source: what a visit finds, what it suggests, and what is written and recorded."""
