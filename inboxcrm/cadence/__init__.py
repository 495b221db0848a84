"""What goes out next, when, and whether it may. Pure."""
