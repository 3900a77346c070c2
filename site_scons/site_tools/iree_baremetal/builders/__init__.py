"""The SCons side, one family of builders a file. Everything it knows it asks of the plain modules."""
