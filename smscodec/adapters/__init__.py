"""Columns of other libraries, measured in their own types: one module a library, each behind an extra of its name.

Nothing is imported here, so that a program pays only for the library that it uses.
"""
