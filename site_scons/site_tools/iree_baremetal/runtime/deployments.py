"""What each of the runtime's deployments is made of."""

from dataclasses import dataclass, field

from ..compiler import GUIDE_FLAGS, STATIC_FLAGS, target_flags
from ..errors import BaremetalError

_BYTECODE = "iree::vm::bytecode::module"
_EMITC = ("iree::vm::ops", "iree::vm::ops_emitc", "iree::vm::shims_emitc")
_SUPPORT = ("allocator.c", "heap.c", "libc.c", "time.c")


@dataclass(frozen=True)
class Loader:
    """One of upstream's executable loaders. formats: the prefixes of what it loads."""

    option: str
    library: str
    glue: str
    function: str
    formats: tuple


def _loader(option, name, short, *formats):
    return Loader(
        option=f"IREE_HAL_EXECUTABLE_LOADER_{option}",
        library=f"iree::hal::local::loaders::{name}",
        glue=f"loader_{short}.c",
        function=f"iree_session_{short}_loader",
        formats=formats,
    )


STATIC = _loader("STATIC_LIBRARY", "static_library_loader", "static", "static")
ELF = _loader("EMBEDDED_ELF", "embedded_elf_loader", "elf", "embedded-elf-")
VMVX = _loader("VMVX_MODULE", "vmvx_module_loader", "vmvx", "vmvx-")
LOADERS = (STATIC, ELF, VMVX)
_ELF_PLUGIN = ("IREE_HAL_EXECUTABLE_PLUGIN_EMBEDDED_ELF", "iree::hal::local::plugins::embedded_elf_plugin")


@dataclass(frozen=True)
class Hal:
    """What a host program calls its kernels through. support: files of support/runtime that stand in for the platform."""

    libraries: tuple
    glue: str
    function: str
    flags: tuple = ()
    support: tuple = ()


DEVICE = Hal(
    ("iree::modules::hal", "iree::hal::drivers::local_sync::sync_driver"),
    glue="session_device.c",
    function="iree_session_device_hal",
    support=("device_group.c", "proactor.c"),
)
# Without devices and commands: the host program calls each kernel, and its buffers are memory.
INLINE = Hal(
    ("iree::modules::hal::inline", "iree::modules::hal::loader"),
    glue="session_inline.c",
    function="iree_session_inline_hal",
    flags=("--iree-execution-model=inline-dynamic",),
)


@dataclass(frozen=True)
class Deployment:
    """One deployment.

    loader: of its kernels; host_program: "bytecode" or "c"; backend and flags: for iree-compile;
    keeps: options that the smallest firmware must not lose.
    """

    name: str
    loader: Loader
    host_program: str = "bytecode"
    hal: Hal = DEVICE
    backend: str = "llvm-cpu"
    flags: tuple = ()
    keeps: dict = field(default_factory=dict)

    @property
    def static_library(self):
        return self.loader is STATIC

    @property
    def options(self):
        """The choices it makes for `options.configure`."""
        return {loader.option: loader is self.loader for loader in LOADERS} | self.keeps

    @property
    def roots(self):
        """The root libraries without further loaders and plugins."""
        return (
            "iree::vm",
            *self.hal.libraries,
            *([_BYTECODE] if self.host_program == "bytecode" else _EMITC),
            self.loader.library,
        )

    def libraries(self, values):
        """The root libraries for the option values given."""
        more = [loader.library for loader in LOADERS if values[loader.option]]
        plugins = [library for option, library in [_ELF_PLUGIN] if values[option]]
        return list(dict.fromkeys([*self.roots, *more, *plugins]))

    def compile_flags(self, board, values):
        """iree-compile's flags for board and the option values, without input and output paths."""
        guide = [flag.replace("=llvm-cpu", f"={self.backend}") for flag in GUIDE_FLAGS]
        target = target_flags(board) if self.backend == "llvm-cpu" else []
        # What the runtime cannot execute the compiler must refuse.
        missing = [bits for bits in ("F32", "F64") if not values[f"IREE_VM_EXT_{bits}_ENABLE"]]
        return [
            *guide,
            *target,
            *self.flags,
            *self.hal.flags,
            *(f"--iree-vm-target-extension-{m.lower()}=false" for m in missing),
        ]

    @property
    def glue(self):
        """The files of support/runtime between a model's functions and the runtime."""
        host_program = "session_bytecode.c" if self.host_program == "bytecode" else "emitc_call.c"
        return ("session.c", self.hal.glue, host_program, self.loader.glue)

    def support(self, board):
        """The files of support/runtime that the runtime itself stands on, to be linked before the archive."""
        # The host's own C library has a heap of its own, too.
        return tuple(file for file in (*self.hal.support, *_SUPPORT) if file != "libc.c" or not board.is_host)


ALL = {
    d.name: d
    for d in (
        Deployment("static", STATIC, flags=STATIC_FLAGS),
        Deployment("emitc", STATIC, "c", flags=(*STATIC_FLAGS, "--output-format=vm-c")),
        Deployment("inline", STATIC, hal=INLINE, flags=STATIC_FLAGS),
        Deployment("inline-emitc", STATIC, "c", INLINE, flags=(*STATIC_FLAGS, "--output-format=vm-c")),
        Deployment("elf", ELF),
        # The kernels are VM bytecode too, and compute with floats.
        Deployment(
            "vmvx",
            VMVX,
            backend="vmvx",
            keeps={"IREE_VM_EXT_F32_ENABLE": True},
        ),
    )
}


def get(name):
    """The `Deployment` called name."""
    if name not in ALL:
        raise BaremetalError(f"no deployment '{name}' of IREE's runtime. There are: {', '.join(ALL)}.")
    return ALL[name]
