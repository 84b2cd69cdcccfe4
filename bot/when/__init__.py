"""One typed line → when a session takes place (`line`), each part of it read by a module of its own."""
