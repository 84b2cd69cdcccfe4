"""The demo's page in a real browser: two phones, played as a visitor plays them."""
