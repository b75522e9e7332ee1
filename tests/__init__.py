"""The tests of smscodec; a package, so that test modules can share the reference oracle and the vector cells."""
