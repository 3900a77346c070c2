"""The model's source for the deployments on IREE's runtime: each function is a call of a session."""

from ..errors import BaremetalError
from ..plan.model import ALIGNMENT, C_TYPES
from . import guards, header, helpers, names

_ELEMENT = {"i1": "BOOL_8", "f16": "FLOAT_16", "bf16": "BFLOAT_16", "f32": "FLOAT_32", "f64": "FLOAT_64"}
_LIBRARY = "extern const iree_hal_executable_library_header_t **{query}(iree_hal_executable_library_version_t,\n"
_LIBRARY += "    const iree_hal_executable_environment_v0_t *);"


def _element(dtype):
    # The compiler's integers are signless.
    return "IREE_HAL_ELEMENT_TYPE_" + _ELEMENT.get(dtype, f"INT_{dtype.lstrip('ui')}")


def _input(tensor, name):
    """(declarations, initializer) of an input's descriptor."""
    c_type = C_TYPES[tensor.dtype][0]
    if tensor.is_dynamic:
        extents = [f"{name}_shape[{i}]" for i in range(len(tensor.shape))]
    else:
        extents = [str(extent) for extent in tensor.shape]
    size = " * ".join([*extents, f"sizeof({c_type})"])
    shape = [f"  iree_hal_dim_t {name}_dims[] = {{{', '.join(extents)}}};"] if extents else []
    pointer = f"{name}_dims" if extents else "NULL"
    return shape, f"{{(void *){name}, {size}, {_element(tensor.dtype)}, {len(extents)}, {pointer}}}"


def _output(tensor, name):
    c_type = C_TYPES[tensor.dtype][0]
    rank = len(tensor.shape)
    if not tensor.is_dynamic:
        return [], f"{{{name}, {tensor.size}, {_element(tensor.dtype)}, {rank}, NULL}}"
    shape = [f"  iree_hal_dim_t {name}_dims[{rank}] = {{0}};"]
    return shape, f"{{{name}, {name}_capacity * sizeof({c_type}), {_element(tensor.dtype)}, {rank}, {name}_dims}}"


def _function(plan, module, function, c_name):
    for tensor in function.inputs:
        if tensor.is_scalar:
            raise BaremetalError(
                f"@{function.name}: {tensor.name} is a scalar, which only deploy=direct takes. "
                f"Make it a tensor of one element (tensor<{tensor.dtype}>), or build with deploy=direct."
            )
    inputs, outputs = header.parameter_names(function)
    lines = [header.signature(function, c_name) + " {"]
    rows = {"inputs": [], "outputs": []}
    for key, describe, tensors, labels in (
        ("inputs", _input, function.inputs, inputs),
        ("outputs", _output, function.outputs, outputs),
    ):
        for tensor, label in zip(tensors, labels):
            declarations, row = describe(tensor, label)
            lines += declarations
            rows[key].append(row)
    for key, const in (("inputs", "const "), ("outputs", "")):
        lines.append(f"  {const}iree_session_tensor_t {key}_[] = {{{', '.join(rows[key]) or '{0}'}}};")
    call = f'iree_session_call(&session, "{module}.{function.name}", {len(inputs)}, inputs_, {len(outputs)}, outputs_)'
    lines.append(f"  const int status = {call};")
    for tensor, label in zip(function.outputs, outputs):
        if tensor.is_dynamic:
            lines += [f"  for (int i = 0; i < {len(tensor.shape)}; ++i) {label}_shape[i] = {label}_dims[i];"]
    lines += ["  return status;", "}", ""]
    arguments = ", ".join(header.argument_names(function))
    # The runtime has a heap; the caller's arena is for deploy=direct.
    lines += [header.signature(function, f"{c_name}_in", ("void *arena",)) + " {", "  (void)arena;"]
    lines += [f"  return {c_name}({arguments});", "}", ""]
    return lines


def text(plan, module, deployment, query="", archive=0, kernels=None):
    """The source's text.

    module: the name in the host program; deployment: a `runtime.deployments.Deployment`; query: the
    static library's query function; archive: bytes of the .vmfb, 0 where the host program is C; kernels:
    the static library's `KernelsObject`.
    """
    lines = [names.LICENSE, f"/* {plan.name}: generated, do not edit. {plan.name}.h tells how to call. */"]
    lines += [f'#include "{plan.name}.h"', "", '#include "iree_session.h"', ""]
    if kernels:
        lines += [*guards.lines(kernels, plan.name), *helpers.lines(kernels)]
    if archive:
        lines += [f"extern const uint8_t {plan.name}_vmfb[];", ""]
        create = "iree_session_bytecode"
    else:
        create = f"{plan.name}_create"
        lines += ['#include "emitc_call.h"', "#define EMITC_IMPLEMENTATION", f'#include "{plan.name}_module.h"', ""]
        lines += [
            f"static iree_status_t {create}(const iree_session_t *self, iree_vm_instance_t *instance,",
            "                               iree_allocator_t allocator, iree_vm_module_t **out_module) {",
            "  (void)self;",
            f"  return {names.identifier(module)}_create(instance, allocator, out_module);",
            "}",
            "",
        ]
    libraries = ""
    if deployment.static_library and query:
        lines += [_LIBRARY.format(query=query)]
        lines += [f"static const iree_hal_executable_library_query_fn_t libraries[] = {{{query}}};", ""]
        libraries = "    .libraries = libraries,\n    .library_count = 1,\n"
    lines.append("static iree_session_t session = {")
    lines.append(f"    .create_module = {create},")
    if archive:
        lines.append(f"    .archive = {{{plan.name}_vmfb, {archive}}},")
    lines.append(
        f"    .create_loader = {deployment.loader.function},\n{libraries}    .create_hal = {deployment.hal.function},\n}};\n"
    )
    for function, c_name in zip(plan.functions, names.functions(plan)):
        lines += _function(plan, module, function, c_name)
    if plan.keeps_state:
        lines += [f"void {names.reset(plan)}(void) {{", "  iree_session_reset(&session);", "}", ""]
    return "\n".join(lines)


def archive(name):
    """Assembly that puts the .vmfb, found on the include path, into flash, where it stays."""
    return "\n".join(
        [
            names.LICENSE,
            f"/* {name}: generated, do not edit. */",
            f'  .section .rodata.{name}_vmfb, "a"',
            f"  .balign {ALIGNMENT}",
            f"  .global {name}_vmfb",
            f"  .type {name}_vmfb, %object",
            f"{name}_vmfb:",
            f'  .incbin "{name}.vmfb"',
            f"  .size {name}_vmfb, . - {name}_vmfb",
            "#ifdef __linux__",
            '  .section .note.GNU-stack, "", %progbits',
            "#endif",
            "",
        ]
    )
