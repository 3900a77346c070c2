"""What a program's target can do, from the attribute that iree-compile puts into the program."""

import re

# By LLVM's names: cores of the M profile with the vector extension MVE, and with DSP.
MVE_CORES = {"cortex-m55", "cortex-m85"}
DSP_CORES = {"cortex-m4", "cortex-m7", "cortex-m33", "cortex-m35p"} | MVE_CORES
# Those that have an FPU unless their features lack it, and those of them for which VFMA takes longer than VMUL and VADD.
FPU_CORES = DSP_CORES
SLOW_FMA_CORES = {"cortex-m4", "cortex-m33", "cortex-m35p"}


class Core:
    """The core that a module at the flow phase is compiled for."""

    average = 1.0  # work of an average product of floats in the module, as `blocks.average` finds it

    def __init__(self, module):
        attributes = [op.operation.attributes for op in module.body if op.operation.name == "util.global"]
        devices = [str(a["initial_value"]) for a in attributes if str(a["type"]) == "!hal.device" and "initial_value" in a]
        self._target = " ".join(devices)
        self.cpu, self.triple = self._value("cpu"), self._value("target_triple")
        self.features = self._value("cpu_features").split(",")
        found = re.search(r"\bnative_vector_size = (\d+)", self._target)
        self.width = int(found[1]) if found else 0  # of vectors, in bytes

    def _value(self, key):
        found = re.search(rf'\b{key} = "([^"]*)"', self._target)
        return found[1] if found else ""

    @property
    def has_dsp(self):
        return self.cpu in DSP_CORES and "-dsp" not in self.features

    @property
    def has_fpu(self):
        return self.cpu in FPU_CORES and "-fpregs" not in self.features

    @property
    def fuses(self):
        """Whether VFMA is quick."""
        return self.has_fpu and self.cpu not in SLOW_FMA_CORES

    @property
    def has_mve(self):
        return self.cpu in MVE_CORES and "-mve" not in self.features

    @property
    def is_rv32im(self):
        """Whether it is an RV32 core that multiplies, and has all registers."""
        return self.triple.startswith("riscv32") and "+m" in self.features and "+e" not in self.features

    @property
    def is_scalar(self):
        """Whether it is a microcontroller's core without vectors."""
        if self.triple.startswith("riscv"):
            return not any(feature == "+v" or feature.startswith("+zve") for feature in self.features)
        return self.triple.startswith(("arm", "thumb")) and self.cpu.startswith("cortex-m") and not self.has_mve
