"""The options of IREE's runtime under upstream's own names, with the values that bare metal needs.

The table holds every CMake option and macro of upstream's guide "Running on a bare-metal platform"
(docs/website/docs/guides/deployment-configurations/bare-metal.md) and the optional features of
runtime/src/iree/base/config.h. `configure` turns a board's and a user's choices into values.
"""

import difflib
from dataclasses import dataclass

from ..errors import BaremetalError

CMAKE, MACRO = "CMake option", "macro"
_TRUE, _FALSE = {"1", "on", "true", "yes"}, {"0", "off", "false", "no"}


@dataclass(frozen=True)
class Option:
    """One option.

    kind: where upstream takes it from; default: a bool, an int or text; smallest: the value for the
    smallest firmware, None for the default; fixed: why no other value is possible; choices: the
    values possible; follows: the option that gives the default; macro: the macro that a CMake
    option sets in upstream's build.
    """

    name: str
    kind: str
    default: object
    help: str
    smallest: object = None
    fixed: str = ""
    choices: tuple = ()
    follows: str = ""
    macro: str = ""


_LOADERS, _PLUGINS = "IREE_HAL_EXECUTABLE_LOADER_DEFAULTS", "IREE_HAL_EXECUTABLE_PLUGIN_DEFAULTS"
_ONE_THREAD = "a board has one thread"
_NO_OS = "a board has no operating system"
_NOT_BUILT = "only the runtime is built, without CMake"
_ONE_DRIVER = "the one driver without threads is local-sync"

OPTIONS = (
    # The guide's "Set CMake options".
    Option("IREE_BUILD_COMPILER", CMAKE, False, "the compiler", fixed=_NOT_BUILT),
    Option("CMAKE_SYSTEM_NAME", CMAKE, "Generic", "the operating system", fixed=_NO_OS),
    Option("IREE_ENABLE_THREADING", CMAKE, False, "threads", fixed=_ONE_THREAD, macro="IREE_THREADING_ENABLE"),
    Option(
        "IREE_SYNCHRONIZATION_DISABLE_UNSAFE",
        CMAKE,
        True,
        "no locks and atomics: one thread only; off needs a pthread.h in the board's include, and of its sources clock_gettime and the atomics that the core lacks",
        macro="IREE_SYNCHRONIZATION_DISABLE_UNSAFE",
    ),
    Option("IREE_HAL_DRIVER_DEFAULTS", CMAKE, False, "drivers not named", fixed=_ONE_DRIVER),
    Option("IREE_HAL_DRIVER_LOCAL_SYNC", CMAKE, True, "the synchronous CPU driver", fixed=_ONE_DRIVER),
    Option(_LOADERS, CMAKE, False, "executable loaders not named"),
    Option("IREE_HAL_EXECUTABLE_LOADER_EMBEDDED_ELF", CMAKE, None, "loads kernels from an embedded ELF", follows=_LOADERS),
    Option("IREE_HAL_EXECUTABLE_LOADER_VMVX_MODULE", CMAKE, None, "interprets kernels of VMVX bytecode", follows=_LOADERS),
    Option("IREE_HAL_EXECUTABLE_LOADER_STATIC_LIBRARY", CMAKE, None, "calls kernels linked in", follows=_LOADERS),
    Option(_PLUGINS, CMAKE, False, "executable plugins not named"),
    Option("IREE_HAL_EXECUTABLE_PLUGIN_EMBEDDED_ELF", CMAKE, None, "imports from an embedded ELF", follows=_PLUGINS),
    Option("IREE_BUILD_TESTS", CMAKE, False, "upstream's tests", fixed=_NOT_BUILT),
    Option("IREE_BUILD_SAMPLES", CMAKE, False, "upstream's samples; samples/ has their equivalents", fixed=_NOT_BUILT),
    # The guide's "Define IREE macros", and the allocator. Time and waiting are C code.
    Option("IREE_PLATFORM_GENERIC", MACRO, 1, "no operating system to call", fixed=_NO_OS),
    Option("IREE_FILE_IO_ENABLE", MACRO, 0, "files", fixed=_NO_OS),
    Option("IREE_FLAGS_ENABLE_CLI", MACRO, 0, "flags of a command line, registered by constructors", fixed=_NO_OS),
    Option("IREE_TIME_NOW_FN", MACRO, "{ return 0; }", "a function's body: the time in ns"),
    Option("IREE_WAIT_UNTIL_FN", MACRO, "iree_baremetal_wait_until", "bool(uint64_t ns): waits, false if that failed"),
    Option("IREE_ALLOCATOR_SYSTEM", CMAKE, "baremetal", "the NAME in iree_allocator_NAME_ctl; `libc` is malloc"),
    # Optional features that cost size.
    Option("IREE_STATUS_MODE", MACRO, 0, "0: errors are numbers, 2: with text (70 KB more), 3: with traces", choices=(0, 2, 3)),
    Option("IREE_STATISTICS_ENABLE", MACRO, True, "allocation statistics", smallest=False),
    Option("IREE_HAL_MODULE_STRING_UTIL_ENABLE", MACRO, True, "printing and parsing in models", smallest=False),
    Option("IREE_HAL_COMMAND_BUFFER_VALIDATION_ENABLE", MACRO, True, "checks of each command", smallest=False),
    Option("IREE_VM_BACKTRACE_ENABLE", MACRO, True, "backtraces in VM errors", smallest=False),
    Option("IREE_VM_BYTECODE_VERIFICATION_ENABLE", MACRO, True, "verification of bytecode", smallest=False),
    Option("IREE_VM_EXT_F32_ENABLE", MACRO, True, "32-bit float operations in the host program", smallest=False),
    Option("IREE_VM_EXT_F64_ENABLE", MACRO, True, "64-bit float operations in the host program", smallest=False),
    Option("IREE_VM_BYTECODE_DISPATCH_COMPUTED_GOTO_ENABLE", MACRO, False, "faster VM, 20 to 30 KB more"),
    Option("IREE_VM_EXECUTION_TRACING_ENABLE", MACRO, False, "prints each VM instruction"),
    Option("IREE_HAL_VERBOSE_TRACING_ENABLE", MACRO, False, "more trace events"),
    Option("IREE_HAL_HEAP_BUFFER_ALIGNMENT", MACRO, 64, "bytes; not less than the compiler assumes"),
    Option("IREE_ENABLE_ASSERTIONS", CMAKE, False, "checks of arguments; off defines NDEBUG"),
)
BY_NAME = {option.name: option for option in OPTIONS}


def configure(*choices, smallest=False):
    """Values for all options: name to bool, int or text.

    choices: mappings from names to values, the later wins; smallest: start from the smallest
    firmware. `BaremetalError` names an unknown option, a wrong value and the fixed ones.
    """
    given = {name: value for choice in choices for name, value in choice.items()}
    for name in given:
        if name not in BY_NAME:
            near = difflib.get_close_matches(name.upper(), BY_NAME, 1)
            raise BaremetalError(f"IREE's runtime has no option {name} here." + (f" Did you mean {near[0]}?" if near else ""))
    values = {}
    for option in OPTIONS:
        value = option.default if option.smallest is None or not smallest else option.smallest
        if option.follows:
            value = values[option.follows]
        if option.name in given:
            value = _parse(option, given[option.name], value)
        values[option.name] = value
    return values


def _parse(option, text, default):
    """The value that text stands for, of the type of the default."""
    word, value = str(text).lower(), text
    if isinstance(default, bool):
        if word not in _TRUE | _FALSE:
            raise BaremetalError(f"{option.name}={text}: say 1 or 0 ({option.help}).")
        value = word in _TRUE
    elif isinstance(default, int):
        if not word.isdecimal():
            raise BaremetalError(f"{option.name}={text}: say a number ({option.help}).")
        value = int(word)
    if option.choices and value not in option.choices:
        raise BaremetalError(f"{option.name}={text}: say one of {', '.join(map(str, option.choices))} ({option.help}).")
    if option.fixed and value != default:
        raise BaremetalError(f"{option.name} cannot be {text} on bare metal: {option.fixed}.")
    return value


def cmake_variables(values, arch):
    """What CMake would have in its variables. arch: upstream's IREE_ARCH, "arm_32" or "riscv_32"."""
    given = {o.name: values[o.name] for o in OPTIONS if o.kind == CMAKE}
    text = {name: ("ON" if value else "OFF") if isinstance(value, bool) else value for name, value in given.items()}
    # Upstream's build sets these to nothing when the parts they stand for are off.
    names = (
        "CMAKE_DL_LIBS",
        "IREE_LIBBACKTRACE_TARGET",
        "IREE_HAL_EXECUTABLE_LOADER_EXTRA_DEPS",
        "IREE_HAL_EXECUTABLE_PLUGIN_EXTRA_DEPS",
    )
    empty = dict.fromkeys(names, "")
    return {**empty, **text, "IREE_ARCH": arch}


def macros(values):
    """The macros that the values mean: name to text."""
    named = {o.macro or o.name: values[o.name] for o in OPTIONS if o.kind == MACRO or o.macro}
    result = {name: str(int(value) if isinstance(value, bool) else value) for name, value in named.items()}
    return result if values["IREE_ENABLE_ASSERTIONS"] else {**result, "NDEBUG": ""}
