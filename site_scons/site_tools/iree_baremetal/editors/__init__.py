"""What editors want to know of a build: how files are compiled, what there is to run, how to debug it."""
