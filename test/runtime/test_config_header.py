import subprocess

import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.runtime import config_header, options


def test_a_compiler_takes_it(tmp_path):
    header = tmp_path / "config.h"
    header.write_text(config_header.text(options.macros(options.configure()), ["IREE_HAVE_LOADER=1", "IREE_HAVE_VMVX"]))
    source = tmp_path / "use.c"
    source.write_text(
        "#if !IREE_PLATFORM_GENERIC || IREE_FILE_IO_ENABLE || !IREE_HAVE_LOADER || !IREE_HAVE_VMVX\n#error\n#endif\n"
        "int64_t now(void) IREE_TIME_NOW_FN\n"
        "bool wait(void) { return IREE_WAIT_UNTIL_FN(1); }\n"
        'const char *format = "%" PRIu64;\n'
    )
    subprocess.run(["gcc", "-Werror", "-Wall", "-include", header, "-c", source, "-o", tmp_path / "use.o"], check=True)


def test_the_boards_functions():
    values = options.configure({"IREE_TIME_NOW_FN": "{ return my_clock(); }", "IREE_WAIT_UNTIL_FN": "my_wait"})
    text = config_header.text(options.macros(values))
    assert "#define IREE_TIME_NOW_FN { return my_clock(); }\n" in text
    assert "bool my_wait(uint64_t deadline_ns);\n" in text


def test_same_options_same_text():
    text = config_header.text({"B": "1", "A": "2"})
    assert text == config_header.text({"A": "2", "B": "1"})


def test_what_disagrees():
    with pytest.raises(BaremetalError, match="X is 1 in the options and 2 in IREE's own build"):
        config_header.text({"X": "1"}, ["X=2"])


def test_a_wait_function_is_a_name():
    with pytest.raises(BaremetalError, match="give the name of a function"):
        config_header.text({"IREE_WAIT_UNTIL_FN": "{ return true; }"})
