# The build scripts of the operating system: PrepareBuilding reads those of the board's folders, which take Env from here.
from SCons.Script import SConscript

Env = None


def PrepareBuilding(env, folders):
    global Env
    Env = env
    return [SConscript(f"{folder}/SConscript", variant_dir=f"build/{folder}", duplicate=0) for folder in folders]
