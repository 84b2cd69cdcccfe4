"""The product: rules, services, schedule and command line.  Knows neither Telegram nor SQL."""
