"""What `microchequeo replay` counts, made up or read."""
