"""What the object of a model's kernels says of itself."""

from elftools.elf.elffile import ELFFile


def attributes(elf):
    """Tag -> value, of .ARM.attributes or .riscv.attributes; empty where there are none."""
    section = elf.get_section_by_name(".ARM.attributes") or elf.get_section_by_name(".riscv.attributes")
    if section is None:
        return {}
    parts = (part for vendor in section.iter_subsections() for part in vendor.iter_subsubsections())
    return {a.tag.removeprefix("TAG_"): a.value for part in parts for a in part.iter_attributes()}


class KernelsObject:
    """The object at path: its machine and flags as in the ELF header, attributes, and what it calls of others."""

    def __init__(self, path):
        with open(path, "rb") as stream:
            elf = ELFFile(stream)
            self.machine, self.flags, self.bits = elf["e_machine"], elf["e_flags"], elf.elfclass
            self.attributes = attributes(elf)
            table = elf.get_section_by_name(".symtab")
            self.undefined = {s.name for s in table.iter_symbols() if s["st_shndx"] == "SHN_UNDEF" and s.name} if table else set()
