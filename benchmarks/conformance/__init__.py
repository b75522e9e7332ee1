"""Adapters that put the conformance vectors to other libraries, and the table of how they do."""
