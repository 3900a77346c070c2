"""What the files for every editor are made of."""

from dataclasses import dataclass

from ..board import Board


@dataclass(frozen=True)
class Project:
    """One board's build of a project; paths are relative to its folder.

    name: what the project is called. wrapper: whether it brings its own sconsw. scons: the words of a command
    line that call the SCons that writes this, whatever is on the editor's search path. top: the folder's path. arguments: as in
    "board=stm32f4". board; emulated: the same as the emulator runs it, or None. elf: the firmware;
    emulated_elf: for the emulator. database: compile_commands.json. gdb: its name. verbs: what there is
    to do beside building: run, verify, size, flash.
    """

    name: str
    wrapper: bool
    scons: tuple
    top: str
    arguments: tuple
    board: Board
    emulated: Board
    elf: str
    emulated_elf: str
    database: str
    gdb: str
    verbs: tuple

    def command(self, folder):
        """The words of what builds it; folder: how the editor spells the project's folder."""
        if self.wrapper:
            return [f"{folder}/sconsw"]
        return [folder + word[len(self.top) :] if word.startswith(f"{self.top}/") else word for word in self.scons]

    def label(self, verb):
        """What the task that does verb is called: "run board=stm32f4"."""
        return " ".join([verb, *self.arguments])

    @property
    def targets(self):
        """(verb, the build's targets for it), of building and all verbs."""
        return [("build", []), *((verb, [verb]) for verb in self.verbs)]
