"""What support/runtime makes good of upstream's, looked for in the sources: where upstream mends it, ours would break it.

A text is compared without comments, and all blanks in it are one.
"""

import re
from pathlib import Path

from ..errors import BaremetalError
from . import deployments

_ROOT = Path("runtime/src/iree")
# session_inline.c moves a dispatch's arguments, and frees the storage of buffers.
_INLINE = {
    "vm/shims.h": (
        "typedef struct iree_vm_abi_##types##_t body struct_type;",
        "IREE_VM_ABI_FIXED_STRUCT(rIiii, { iree_vm_ref_t r0; int64_t i1; int32_t i2; int32_t i3; int32_t i4; });",
    ),
    "modules/hal/loader/module.c": (
        "const uint8_t* constants_ptr = args_storage.data + sizeof(args.params);",
        "(uintptr_t)(bindings_ptr + sizeof(iree_vm_size_t)), iree_alignof(iree_vm_abi_rII_t));",
    ),
    "modules/hal/inline/module.c": (
        "typedef struct iree_hal_inline_storage_buffer_t { iree_allocator_t host_allocator;",
        "storage->mapping.contents, self_allocator, &storage->vm_buffer);",
    ),
    "vm/buffer.c": ("iree_allocator_free_aligned(buffer->allocator, buffer);",),
}
# emitc_call.c moves each call's arguments: in C from iree-compile a reference lies at a multiple of 8, whatever the target.
_REFERENCE = re.compile(r"^  (v\d+) = iree_host_align\(v\d+, (.+)\);\n  v\d+ = sizeof\(iree_vm_ref_t\);$", re.MULTILINE)


def check_tree(deployment, root):
    """A `BaremetalError` where the tree at root is another than the glue of the `Deployment` makes good."""
    for file, texts in _INLINE.items() if deployment.hal is deployments.INLINE else ():
        path = Path(root) / _ROOT / file
        source = _plain(path.read_text(encoding="utf-8")) if path.is_file() else ""
        missing = next((text for text in texts if _plain(text) not in source), None)
        if missing:
            other = "emitc" if deployment.host_program == "c" else "static"
            raise BaremetalError(
                f"{path} has no '{missing}', which deploy={deployment.name} is made for: on this tree its answers would be wrong. "
                f"Take deploy={other} or another tree, and report this."
            )


def check_c(path, text):
    """A `BaremetalError` where text, of the C module at path, lays out the arguments of its calls otherwise."""
    other = next((alignment for _, alignment in _REFERENCE.findall(text) if alignment != "8"), None)
    if other:
        raise BaremetalError(
            f"{path}: this iree-compile aligns references to {other}, where deploy=emitc and inline-emitc are made for 8: answers would be "
            "wrong. Take deploy=static, or the same with deploy=inline, and report this."
        )


def _plain(text):
    return " ".join(re.sub(r"//[^\n]*|\\\n", " ", text).split())
