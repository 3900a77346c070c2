"""What reads files and words of users, each with a strategy of hypothesis that makes bad ones.

READERS of a module: what is read -> (strategy, a function of a folder and what the strategy made, examples for a
test, examples for the long run).
"""

from . import arrays, board_files, command_line, onnx_models, other_tools, tflite_models

MODULES = (board_files, onnx_models, tflite_models, arrays, command_line, other_tools)
READERS = {name: entry for module in MODULES for name, entry in module.READERS.items()}
