"""Where upstream mends what our glue makes good, the build says so."""

import re
import shutil

import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.runtime import assumed, deployments

FILES = {
    "vm/shims.h": """
#define IREE_VM_ABI_FIXED_STRUCT_IMPL(struct_type, types, body)        \\
  typedef struct iree_vm_abi_##types##_t body struct_type;             \\
  static inline struct_type* iree_vm_abi_##types##_checked_deref(      \\
      iree_byte_span_t buffer) {}
IREE_VM_ABI_FIXED_STRUCT(rIiii, {
  iree_vm_ref_t r0;
  int64_t i1;
  int32_t i2;
  int32_t i3;
  int32_t i4;
});
""",
    "modules/hal/loader/module.c": """
    const uint8_t* constants_ptr = args_storage.data + sizeof(args.params);
    const uint8_t* bindings_data_ptr = (const uint8_t*)iree_host_align(
        (uintptr_t)(bindings_ptr + sizeof(iree_vm_size_t)),
        iree_alignof(iree_vm_abi_rII_t));
""",
    "modules/hal/inline/module.c": """
typedef struct iree_hal_inline_storage_buffer_t {
  // Allocator used to allocate this storage buffer.
  iree_allocator_t host_allocator;
    iree_vm_buffer_initialize(IREE_VM_BUFFER_ACCESS_ORIGIN_HOST,
        storage->mapping.contents, self_allocator, &storage->vm_buffer);
""",
    "vm/buffer.c": "    iree_allocator_free_aligned(buffer->allocator, buffer);\n",
}
MENDED = [
    ("vm/shims.h", "body struct_type;", "body __attribute__((packed)) struct_type;"),
    ("vm/shims.h", "int32_t i4;", "int32_t i4; int32_t reserved;"),
    ("modules/hal/loader/module.c", "sizeof(args.params)", "offsetof(iree_vm_abi_rIiii_t, i4) + sizeof(int32_t)"),
    ("modules/hal/loader/module.c", "iree_alignof(iree_vm_abi_rII_t)", "sizeof(int32_t)"),
    ("modules/hal/inline/module.c", "  iree_allocator_t host_allocator;", "  iree_hal_buffer_t* hal_buffer;"),
    ("vm/buffer.c", "iree_allocator_free_aligned(", "iree_vm_buffer_free("),
]


@pytest.fixture
def root(tmp_path):
    for file, text in FILES.items():
        path = tmp_path / "runtime/src/iree" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def change(root, file, before, after):
    path = root / "runtime/src/iree" / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


@pytest.mark.parametrize("name", deployments.ALL)
def test_what_is_as_it_was_passes(root, name):
    assumed.check_tree(deployments.get(name), root)


@pytest.mark.parametrize("file, before, after", MENDED)
def test_what_was_mended_is_named(root, file, before, after):
    change(root, file, before, after)
    with pytest.raises(
        BaremetalError, match=rf"{re.escape(file)} has no '.*', which deploy=inline is made for.*Take deploy=static"
    ):
        assumed.check_tree(deployments.get("inline"), root)
    with pytest.raises(BaremetalError, match="Take deploy=emitc or another tree"):
        assumed.check_tree(deployments.get("inline-emitc"), root)
    assumed.check_tree(deployments.get("static"), root)


@pytest.mark.parametrize("file, before, after", MENDED)
def test_what_would_be_mended_in_the_real_tree(real_tree, tmp_path, file, before, after):
    if "iree_vm_abi_rIiii_t" not in (real_tree / "runtime/src/iree/modules/hal/loader/module.c").read_text():
        pytest.skip("v3.11.0, for which deploy=inline is not made")
    for name in FILES:
        target = tmp_path / "runtime/src/iree" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(real_tree / "runtime/src/iree" / name, target)
    assumed.check_tree(deployments.get("inline"), tmp_path)
    change(tmp_path, file, before, after)
    with pytest.raises(BaremetalError, match="report this"):
        assumed.check_tree(deployments.get("inline"), tmp_path)


C = "  v11 = 0;\n  v12 = iree_host_align(v11, 8);\n  v13 = sizeof(iree_vm_ref_t);\n  v15 = iree_host_align(v14, 4);\n  v16 = sizeof(int32_t);\n"


def test_c_that_lays_out_references_otherwise():
    assumed.check_c("module.h", C)
    with pytest.raises(BaremetalError, match=r"module.h: this iree-compile aligns references to iree_alignof\(iree_vm_ref_t\)"):
        assumed.check_c("module.h", C.replace(", 8)", ", iree_alignof(iree_vm_ref_t))"))
