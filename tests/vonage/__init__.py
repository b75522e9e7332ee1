"""Tests of the SMS API façade."""
