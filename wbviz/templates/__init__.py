"""What `wbviz new` begins a chapter of one's own with."""
