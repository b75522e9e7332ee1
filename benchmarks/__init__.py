"""Measures smscodec against floors and peers: ``python -m benchmarks --help``. Not part of the installed package."""
