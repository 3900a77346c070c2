"""A product and a sum in one rounding: IREE lets LLVM contract them to a multiply-add wherever the core has one that is quick.

So do RISC-V with F, Cortex-M7, M55 and M85; Cortex-M4 and M33, whose multiply-add is slow, and this machine by its
generic target, do not. (IREE's AddFastMathFlags puts LLVM's `contract` on every float operation; no option turns it off.)
"""

import platform
import re
from pathlib import Path

_FEATURES = {"x86_64": "+fma", "amd64": "+fma"}  # of LLVM


def host_flags():
    """The flags by which kernels for this machine contract, where they would not without; none where it cannot."""
    feature = _FEATURES.get(platform.machine().lower())
    try:
        cpu = Path("/proc/cpuinfo").read_text()
    except OSError:
        return []
    return (
        [f"--iree-llvmcpu-target-cpu-features={feature}"]
        if feature and re.search(rf"^flags\b.*\b{feature[1:]}\b", cpu, re.M)
        else []
    )
