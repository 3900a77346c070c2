"""The functions that kernels call and C libraries of today lack (support/direct/iree_helpers.h)."""

NAMES = (
    "fmaximumf",
    "fminimumf",
    "__aeabi_f2h",
    "__aeabi_h2f",
    "__truncsfbf2",
    "__floatdihf",
    "__floatundihf",
    "__fixhfdi",
    "__fixunshfdi",
)


def lines(kernels):
    """The lines that define those which kernels, a `KernelsObject`, call."""
    called = [name for name in NAMES if name in kernels.undefined]
    return [*(f"#define IREE_HELPER_{name}" for name in called), '#include "iree_helpers.h"', ""] if called else []
