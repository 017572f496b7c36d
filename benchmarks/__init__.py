"""Measurements, each printed by one command and never asserted by the clock in a test."""
