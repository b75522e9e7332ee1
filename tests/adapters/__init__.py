"""Tests of the adapters: each module is skipped where its library is not installed."""
