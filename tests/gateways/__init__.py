"""Gateways that other people wrote, run as programs: what they send we read, and what we send they read."""
