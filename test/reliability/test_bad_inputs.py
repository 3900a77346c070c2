"""A sample of the bad input that `scons bad-inputs` tries: a case or two of each family, a few random files of each reader."""

import corpus
import fuzzing
import pytest

SAMPLE = {
    "boards": ["three boards that build on each other", "an entry that no code has"],
    "environment": ["arm-none-eabi-objcopy was killed", "a build folder that must not be written"],
    "inputs": ["data for flash: objects"],
    "models": ["an .onnx that ends after 4 of 8", "an .mlir of a dialect that nobody knows"],
    "options": ["custom.py that raises", "a cache that is a file"],
    "sources": ["a function that is nowhere"],
    "trees": ["a tree without its submodules", "CMSIS without its startup file"],
}
FAMILIES = corpus.families()


def test_the_names_tell_the_cases_apart():
    for family, cases in FAMILIES.items():
        names = [case.name for case in cases]
        assert len(set(names)) == len(names), family
        assert set(SAMPLE.get(family, [])) <= set(names)


def test_every_family_has_a_sample():
    assert set(SAMPLE) == set(FAMILIES)


@pytest.mark.parametrize("family, name", [(family, name) for family, names in SAMPLE.items() for name in names])
def test_bad_input_is_refused_clearly(family, name, tmp_path):
    (case,) = [case for case in FAMILIES[family] if case.name == name]
    wrong, said = corpus.complaints(case, tmp_path / "project")
    assert not wrong, said


def test_what_is_not_refused_is_noticed(tmp_path):
    """A case of a good build: nothing refuses it."""
    wrong, _ = corpus.complaints(corpus.Case("nothing is wrong", ["no such word"], "boards"), tmp_path / "project")
    assert wrong == ["no word of: no such word", "exit code 0", "0 messages"]


@pytest.mark.parametrize("reader", fuzzing.READERS)
def test_random_files_are_read_or_refused(reader):
    read, refused = fuzzing.fuzz(reader, fuzzing.READERS[reader][2])
    assert read and refused
