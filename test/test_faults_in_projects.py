"""What went wrong in other people's projects (an RTOS's board package, C++ libraries, PlatformIO, a Makefile), and what tests it now.

Before you change how the tool enters a foreign build, read the line; each names the tests that fail without its mend.
"""

import ast

import pytest
from documents import ROOT

BUILDS = {
    "generated C lay beside the user's, where Glob and FindSourceFiles found it at the second build": [
        "builders/test_own_folder.py::test_a_glob_after_the_model_finds_the_users_files_only",
        "builders/test_own_folder.py::test_without_a_variant_dir_nothing_of_ours_is_among_the_users_files",
        "integration/test_other_builds.py::test_a_tool_that_finds_sources_in_all_folders",
    ],
    "whose compiler it is was decided while the tool loaded: the caller's CC with our flags": [
        "builders/test_ownership.py::test_what_environment_puts_back_after_its_tools",
        "builders/test_ownership.py::test_a_compiler_that_comes_later",
        "builders/test_ownership.py::test_a_mixture_is_refused",
        "integration/test_platformio.py",
    ],
    "our board.h hid the user's": [
        "integration/test_other_builds.py::test_an_operating_systems_board_package",
        "integration/test_foreign_project.py::test_it_gains_a_model",
    ],
    ".note.GNU-stack in kernels and weights: a warning of ld, with --fatal-warnings an error": [
        "integration/test_other_builds.py::test_an_operating_systems_board_package",
        "integration/test_other_builds.py::test_a_tool_that_finds_sources_in_all_folders",
    ],
    "functions that C libraries lack, without FPU and in half precision: undefined reference to fmaximumf": [
        "codegen/test_helpers.py::test_all_that_kernels_call_is_there",
        "codegen/test_helpers.py::test_values",
    ],
    "clang was taken for this machine's, with this machine's objcopy; llvm-objcopy read symbols otherwise": [
        "builders/test_ownership.py::test_clang_is_the_callers",
        "integration/test_other_builds.py::test_clang_with_lld_and_llvm_objcopy",
    ],
    "kernels for another core were linked without a word; softfp was refused": [
        "codegen/test_guards.py::test_arm",
        "codegen/test_guards.py::test_riscv",
        "codegen/test_guards.py::test_both_are_named",
        "board/test_cores.py::test_softfp_is_an_abi_like_the_others",
        "live/test_core_boards.py::test_a_core",
    ],
    "generated C was no C99, and not free of warnings in C++": [
        "codegen/test_standards.py::test_c",
        "codegen/test_standards.py::test_headers_in_c89",
        "codegen/test_standards.py::test_headers_in_cpp",
    ],
    "IreeCompileCommands() wrote an empty database": [
        "integration/test_compile_commands.py::test_without_a_folder_it_is_of_all_that_is_compiled",
    ],
    "no folder=, no model.include, no library; the header of IreeData was not found": [
        "builders/test_own_folder.py::test_a_folder_of_the_users_choice",
        "builders/test_own_folder.py::test_what_builders_that_take_no_objects_want",
        "builders/test_own_folder.py::test_the_header_of_data_is_found",
        "integration/test_other_builds.py::test_a_builder_that_takes_sources_only",
    ],
    "a core without a board was not accepted": [
        "board/test_cores.py::test_every_core_runs_on_a_board_of_its_architecture",
        "integration/test_other_builds.py::test_a_whole_firmware_of_a_core_is_not_run",
    ],
    "editors called a bare scons and missed errors of ld and SCons; Debian's Python refused the pip advice, its capstone broke us": [
        "integration/test_editors.py::test_tasks",
        "integration/test_editors.py::test_the_problem_matcher_finds_the_linkers_errors",
        "integration/test_editors.py::test_the_problem_matcher_finds_the_builds_errors",
        "test_packages.py::test_the_systems_python_does_not",
        "test_packages.py::test_scons_names_what_is_too_old_or_missing",
    ],
    "the core and float ABI of an SDK (RP2350: Cortex-M33, softfp) was not to be had": ["codegen/test_guards.py::test_arm"],
    "a plain scons built harnesses and references, too; -c left them": [
        "builders/test_own_folder.py::test_only_who_asks_gets_what_verify_bench_and_export_need",
        "integration/test_other_builds.py::test_a_library_with_its_examples",
    ],
    "board= was dropped where SCons calls a function, and where IREE_BOARD was set": [
        "builders/test_loading.py::test_every_form_has_the_board",
        "builders/test_loading.py::test_other_keywords_are_refused",
    ],
    "IREE_OPTIMIZE of a clone, and IREE_STACK after loading, were dropped": [
        "builders/test_loading.py::test_what_is_set_after_loading_counts_or_is_refused",
        "builders/test_loading.py::test_what_makes_the_board_is_set_before",
    ],
}

APPLICATIONS = {
    "initialized data in a further region read 0": [
        "board/test_startup_parts.py::test_data_in_further_regions_is_there_when_main_begins",
        "board/test_startup_parts.py::test_what_nothing_would_put_into_memory_is_refused",
    ],
    "no way to place weights, arena, or code in RAM": [
        "integration/test_application.py::test_weights_and_arena_are_where_they_were_asked_for",
        "integration/test_application.py::test_weights_in_fast_memory_are_copied_there",
        "board/test_startup_parts.py::test_data_in_further_regions_is_there_when_main_begins",
    ],
    "behind a bootloader a run ended in QEMU's registers; VTOR was not set": [
        "integration/test_application.py::test_behind_a_bootloader",
        "board/test_startup_parts.py::test_behind_a_bootloader_its_own_handlers_are_called",
        "board/test_startup_parts.py::test_risc_v_behind_a_bootloader",
    ],
    "SysTick_Handler was not in the vector table": ["board/test_startup_parts.py::test_handlers_by_the_names_of_cmsis"],
    "snprintf, printf, assert and virtual destructors: raw errors of ld": [
        "test_libc_stubs.py::test_snprintf_needs_no_heap",
        "test_libc_stubs.py::test_printf",
        "test_libc_stubs.py::test_assert",
        "integration/test_cpp.py::test_virtual_destructors_new_and_delete",
    ],
    "headers of models in string.onnx, board.onnx hid others": [
        "builders/test_own_folder.py::test_a_header_that_would_hide_another",
        "codegen/test_names.py::test_headers_that_a_model_must_not_hide",
    ],
    "tensors named lengths, true, asm: errors of GCC": ["codegen/test_names.py::test_parameters_are_distinct_and_no_keywords"],
    "two models, one in a clone with its own flags: ten warnings of SCons": [
        "builders/test_own_folder.py::test_a_clone_with_flags_of_its_own_is_no_other_environment_to_scons",
    ],
    "too small a stack: no word of stack=, and boards that it would not fit either": [
        "report/test_memory_report.py::test_the_stack_over_budget",
        "report/test_fitting.py::test_where_more_stack_is_all_it_takes_no_other_board_is_named",
        "report/test_fitting.py::test_a_board_with_a_shallower_stack_does_not_fit",
    ],
}


def _tests(path):
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


@pytest.mark.parametrize("fault", BUILDS | APPLICATIONS)
def test_each_is_tested(fault):
    for name in (BUILDS | APPLICATIONS)[fault]:
        file, _, function = name.partition("::")
        assert not function or function in _tests(ROOT / "test" / file)
        assert (ROOT / "test" / file).is_file()
