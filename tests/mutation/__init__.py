"""Whether the tests see a fault: mutants of the package and of its kernels, and which of them pass."""
