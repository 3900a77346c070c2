"""CMSIS-Pack: a pack with one component (open-cmsis-pack.github.io/Open-CMSIS-Pack-Spec; schema PACK.xsd 1.7)."""

from xml.sax.saxutils import escape, quoteattr

from ...board.cores import gcc_flag, has_mve
from ..library import standard

TITLE = "CMSIS-Pack"
PACKED_WITH_FOLDER = False
VENDOR = "iree-baremetal"

_CORES = {
    "cortex-m0": "Cortex-M0",
    "cortex-m0plus": "Cortex-M0+",
    "cortex-m3": "Cortex-M3",
    "cortex-m4": "Cortex-M4",
    "cortex-m7": "Cortex-M7",
    "cortex-m33": "Cortex-M33",
    "cortex-m55": "Cortex-M55",
}


def refusal(board):
    return "" if board.cpu in _CORES else "packs are for Cortex-M."


def _fpu(board):
    if gcc_flag(board, "-mfloat-abi") == "soft":
        return ""
    fpu = gcc_flag(board, "-mfpu")
    return "SP_FPU" if "sp" in fpu else "DP_FPU"


def _condition(board):
    needs = {"Dcore": _CORES[board.cpu]}
    if _fpu(board):
        needs["Dfpu"] = _fpu(board)
    if has_mve(board):
        needs["Dmve"] = "FP_MVE"
    return " ".join(f"{key}={quoteattr(value)}" for key, value in needs.items())


def _description(library):
    files = [("header", f"include/{path.name}") for path in library.headers]
    files += [("source", f"src/{path.name}") for path in library.sources]
    files += [("library", f"lib/lib{library.link_name}.a"), ("doc", "README.md")]
    listed = "\n".join(f'        <file category="{kind}" name={quoteattr(path)}/>' for kind, path in files)
    compiler = "GCC"
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<package schemaVersion="1.7.7" xmlns:xs="http://www.w3.org/2001/XMLSchema-instance" xs:noNamespaceSchemaLocation="PACK.xsd">
  <vendor>{VENDOR}</vendor>
  <name>{library.name}</name>
  <description>{escape(library.summary)}</description>
  <url>https://iree.dev/</url>
  <license>LICENSE</license>
  <releases>
    <release version="{library.version}">{escape(library.machine_flags)}</release>
  </releases>
  <keywords>
    <keyword>machine learning</keyword>
  </keywords>
  <conditions>
    <condition id="core">
      <description>{escape(library.machine_flags)}</description>
      <require {_condition(library.board)}/>
      <require Tcompiler="{compiler}"/>
    </condition>
  </conditions>
  <components>
    <component Cclass="Machine Learning" Cgroup="Model" Csub="{library.name}" Cversion="{library.version}" condition="core">
      <description>{escape(library.summary)}</description>
      <files>
{listed}
      </files>
    </component>
  </components>
</package>
"""


def files(library):
    return {**standard(library), f"{VENDOR}.{library.name}.pdsc": _description(library)}


def packed(library):
    return f"{VENDOR}.{library.name}.{library.version}.pack"


def usage(library):
    pack = packed(library)
    return [
        f"Install `{pack}`: in µVision or CMSIS-Toolbox, `cpackget add {pack}`; then choose the component *Machine Learning > Model >",
        f"{library.name}* and `#include \"{library.name}.h\"`. The archive is GCC's ELF, which armclang's linker takes, too.",
    ]
