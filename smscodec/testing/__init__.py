"""What other projects need to test themselves against smscodec: Hypothesis strategies and conformance vectors.

``smscodec.testing.strategies`` needs the extra ``testing``; the vector files in ``vectors/`` are plain JSON and need
nothing. This file imports neither, so that the one can be used without the other.
"""
