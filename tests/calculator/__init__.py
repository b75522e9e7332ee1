"""Tests of the segment calculator: its answers, its server, its command and its page."""
