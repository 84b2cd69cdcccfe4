"""Everything Telegram: what people send in, and what they see."""
