"""Generated C: the model's header and source, its weights, and the harness that feeds it."""
