"""Bad input, of cases/ and at random: each is refused clearly. Writes the table of docs/reliability.md.

    python test/reliability/bad_inputs.py [FAMILY [WORD OF A NAME ...]]

With arguments it shows what scons says to those cases, and writes nothing.
"""

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import corpus
import fuzzing
import mutants
import tables

WORKERS = 2


def tried(family, case):
    """(family, case, complaints, what scons said)."""
    with tempfile.TemporaryDirectory(prefix="bad-") as folder:
        return family, case, *corpus.complaints(case, Path(folder) / "project")


def run(cases, verbose=False):
    """The number of cases passed by family, with progress on the way."""
    passed, start = {}, time.monotonic()
    with ThreadPoolExecutor(WORKERS) as pool:
        work = [pool.submit(tried, family, case) for family, case in cases]
        for number, done in enumerate(as_completed(work), 1):
            family, case, wrong, said = done.result()
            passed[family] = passed.get(family, 0) + (not wrong)
            print(
                f"{number}/{len(work)} {time.monotonic() - start:.0f} s {family}: {case.name}: {'; '.join(wrong) or 'good'}",
                flush=True,
            )
            if wrong or verbose:  # of which the last lines tell
                print("".join(f"    {line}\n" for line in said.splitlines()[-25:]), flush=True)
    return passed


def random_files():
    """Rows of the table: what the readers made of random files, in this process; a failure is an error."""
    rows = []
    for reader, (*_, examples) in fuzzing.READERS.items():
        read, refused = fuzzing.fuzz(reader, examples)
        rows.append((f"random: {reader}", read + refused, read, refused))
        print(*rows[-1], flush=True)
    return rows


def main(family="", *words):
    families = corpus.families()
    if family:
        cases = [(family, case) for case in families[family] if all(word in case.name for word in words)]
        return sum(run(cases, verbose=True).values()) < len(cases)
    start = time.monotonic()
    passed = run([(name, case) for name, cases in families.items() for case in cases])
    rows = []
    for name, cases in families.items():
        works = sum(case.works for case in cases)
        rows.append((name, len(cases), works, len(cases) - works))
    wrong = [name for name, cases in families.items() if passed.get(name, 0) != len(cases)]
    if wrong:  # the table is of what holds
        print(f"not as they must be: {', '.join(wrong)}")
        return True
    rows += [*random_files(), mutants.row(WORKERS)]
    total = ("all", *(sum(row[column] for row in rows) for column in (1, 2, 3)))
    table = tables.markdown(("family", "cases", "accepted, and right", "refused clearly"), [*rows, total])
    tables.write("bad-inputs", f"{table}\n{tables.commit()}\n")
    print(f"{time.monotonic() - start:.0f} s")
    return False


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
