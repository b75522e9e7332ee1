"""The conformance vectors: the generator of those that the naive oracle makes, and the runner of all of them."""
