"""Makes the sample papers: draws their figures, writes the computed numbers into their text, packs them as e-prints.

    pip install -r requirements.txt
    python make.py                     # writes ../<paper>.tar.gz and ../metadata.jsonl
    python make.py --compile OUT       # also compiles them in OUT (needs pdflatex) and ships the PDFs that are to be

A paper is a folder beside this file: `paper.json` (main file, categories, the title where the source builds it of
macros, and whether its PDF is shipped too), `figures.py` with `build(out) -> {name: text}`, and its LaTeX sources as
`.tex.in`, in which `<<name>>` stands for a number that `build` returns. With another ending, nobody takes them for
papers.
"""

import argparse
import gzip
import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

# 2026-01-01, the date that the writers of EPS and PDF and the archives carry.
EPOCH = 1767225600
os.environ["SOURCE_DATE_EPOCH"] = str(EPOCH)

HERE = Path(__file__).resolve().parent
PAPERS = HERE.parent
NOT_SHIPPED = {"paper.json", "figures.py"}
LICENCE = "http://creativecommons.org/licenses/by/4.0/"
AUTHORS = "The figloom authors"
PLACEHOLDER = re.compile(r"<<([a-z][a-z0-9_]*)>>")


def build_paper(folder: Path, out: Path) -> None:
    """Writes the complete sources of a paper, figures included, to `out`."""
    spec = importlib.util.spec_from_file_location("figures", folder / "figures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    numbers = module.build(out)
    used = set()

    def number(match: re.Match) -> str:
        used.add(match[1])
        return numbers[match[1]]

    for source in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = source.relative_to(folder)
        if name.name in NOT_SHIPPED or "__pycache__" in name.parts:
            continue
        target = out / name.with_name(name.name.removesuffix(".in"))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(PLACEHOLDER.sub(number, source.read_text(encoding="utf-8")), encoding="utf-8")
    if unused := set(numbers) - used:
        raise ValueError(f"{folder.name}: computed but not in the text: {', '.join(sorted(unused))}")


def pack(folder: Path, archive: Path) -> None:
    """Packs a folder as a gzipped tar that depends on nothing but names and bytes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            member = tarfile.TarInfo(path.relative_to(folder).as_posix())
            member.size, member.mtime, member.mode = path.stat().st_size, EPOCH, 0o644
            with path.open("rb") as content:
                tar.addfile(member, content)
    archive.write_bytes(gzip.compress(buffer.getvalue(), compresslevel=9, mtime=0))


def metadata(name: str, paper: dict, source: str) -> dict:
    """A line in the shape of arXiv's public metadata snapshot; title and abstract are read from the source."""

    def one_line(pattern: str) -> str:
        return " ".join(re.search(pattern, source, re.DOTALL)[1].split())

    return {
        "id": name,
        "submitter": AUTHORS,
        "authors": AUTHORS,
        "title": paper.get("title") or one_line(r"\\title(?:\[[^\]]*\])?\{(.*?)\}\s*\n"),
        "comments": "Sample paper of figloom",
        "journal-ref": None,
        "doi": None,
        "report-no": None,
        "categories": " ".join(paper["categories"]),
        "license": LICENCE,
        "abstract": one_line(r"\\begin\{abstract\}(.*?)\\end\{abstract\}"),
        "versions": [{"version": "v1", "created": "Thu, 1 Jan 2026 00:00:00 GMT"}],
        "update_date": "2026-01-01",
        "authors_parsed": [["The figloom authors", "", ""]],
    }


def compile_paper(folder: Path, main: str) -> Path:
    """Runs pdflatex until references stand, and fails on an error or an undefined reference or citation."""
    log = ""
    # The PDF's own id would otherwise hang on the folder that it was made in.
    document = rf"\pdftrailerid{{{folder.name}}}\input{{{main}}}"
    for _ in range(3):
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"-jobname={Path(main).stem}", document],
            cwd=folder,
            capture_output=True,
            encoding="latin-1",
            stdin=subprocess.DEVNULL,
        )
        log = done.stdout
        if done.returncode:
            raise RuntimeError(f"{folder.name} does not compile:\n{log[-3000:]}")
    if problems := re.findall(
        r"^.*(?:undefined|Overfull \\hbox \([2-9]\d|multiply defined).*$", log, re.MULTILINE
    ):
        raise RuntimeError(f"{folder.name}: " + "; ".join(problems))
    return folder / Path(main).with_suffix(".pdf").name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("papers", nargs="*", help="only these; metadata.jsonl is then left as it is")
    parser.add_argument("--compile", type=Path, metavar="OUT", help="leave sources and compiled PDFs here")
    arguments = parser.parse_args()
    sys.path.insert(0, str(HERE))
    sys.dont_write_bytecode = True
    lines = []
    for description in sorted(HERE.glob("*/paper.json")):
        folder, name = description.parent, description.parent.name
        if arguments.papers and name not in arguments.papers:
            continue
        paper = json.loads(description.read_text(encoding="utf-8"))
        with tempfile.TemporaryDirectory() as temporary:
            out = Path(temporary)
            build_paper(folder, out)
            pack(out, PAPERS / f"{name}.tar.gz")
            lines.append(metadata(name, paper, (out / paper["main"]).read_text(encoding="utf-8")))
            if arguments.compile:
                kept = arguments.compile / name
                shutil.rmtree(kept, ignore_errors=True)
                shutil.copytree(out, kept)
                compiled = compile_paper(kept, paper["main"])
                if paper.get("pdf"):
                    shutil.copyfile(compiled, PAPERS / f"{name}.pdf")
        print(f"{name}.tar.gz: {(PAPERS / f'{name}.tar.gz').stat().st_size / 1024:.0f} KiB")
    if not arguments.papers:
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (PAPERS / "metadata.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
