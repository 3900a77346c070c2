"""One kind of build a file; export/__init__.py says what is in it."""
