"""Fuzzing: the C kernels (kernels.c, under libFuzzer or gcc's sanitizers) and every reader of octets (decoders.py)."""
