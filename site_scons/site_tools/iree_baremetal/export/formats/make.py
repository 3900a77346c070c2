"""A Makefile: a fragment to include, which names sources, folders and libraries."""

from ..library import standard

TITLE = "make"


def _prefix(library):
    return library.name.upper()


def _fragment(library):
    prefix, sources = _prefix(library), " ".join(f"$({_prefix(library)}_DIR)/src/{path.name}" for path in library.sources)
    return "\n".join(
        [
            f"# {library.summary}.",
            f"# include this file, then compile $({prefix}_SOURCES) and the application with $({prefix}_CPPFLAGS), for the core of",
            f"# $({prefix}_MACHINE), and link with $({prefix}_LIBS) behind the objects.",
            f"{prefix}_DIR := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))",
            f"{prefix}_MACHINE := {library.machine_flags}",
            f"{prefix}_SOURCES := {sources}",
            f"{prefix}_CPPFLAGS := -I$({prefix}_DIR)/include",
            f"{prefix}_LIBS := -L$({prefix}_DIR)/lib -l{library.link_name} -lm",
            "",
        ]
    )


def files(library):
    return {**standard(library), f"{library.name}.mk": _fragment(library)}


def usage(library):
    prefix, name = _prefix(library), library.name
    return [
        "```make",
        f"include {name}/{name}.mk",
        f"CPPFLAGS += $({prefix}_CPPFLAGS)",
        f"LDLIBS += $({prefix}_LIBS)",
        "",
        f"application.elf: main.c $({prefix}_SOURCES)",
        "\t$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)",
        "```",
    ]
