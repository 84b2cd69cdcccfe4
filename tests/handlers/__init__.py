"""Tests of everything Telegram."""
