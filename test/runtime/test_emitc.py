from iree_baremetal.runtime import emitc

TEXT = """\
static iree_status_t m_inner(iree_vm_stack_t* v1, iree_vm_ref_t* v2);
static iree_status_t m_call_0r_v_import_shim(iree_vm_stack_t* v1, iree_vm_ref_t* v2);
static iree_status_t m_outer(iree_vm_stack_t* v1, iree_vm_ref_t* v2, iree_vm_ref_t* v3) {
  iree_vm_ref_assign(v2, v4);
  v5 = m_call_0r_v_import_shim(v1, v4);
label1:
  iree_vm_ref_assign(v9, v8);
label2:
  iree_vm_ref_assign(v2, v6);
  iree_vm_ref_assign(v3, v7);
  v10 = m_inner(v1, v6, v8);
}
"""


def test_a_call_within_the_module_gets_references_of_its_own():
    changed = [(a, b) for a, b in zip(TEXT.split("\n"), emitc.mend(TEXT).split("\n")) if a != b]
    # Neither what an import is lent, nor another block's, nor what is no argument of the call.
    assert changed == [("  iree_vm_ref_assign(v2, v6);", "  iree_vm_ref_retain(v2, v6);")]


def test_other_text_stays():
    assert emitc.mend("int main(void) { return 0; }\n") == "int main(void) { return 0; }\n"
