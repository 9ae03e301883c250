"""The arrows between packages, and which file may use which library."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("ingest", "service", "prompts", "evals")

MAY_NOT_IMPORT = {
    "ingest": ("service", "prompts", "evals", "dateline"),
    "prompts": ("ingest", "service", "evals", "dateline"),
    "service": ("evals", "dateline"),
    "evals": ("dateline",),
}

WHAT_SERVICE_SEES_OF_INGEST = (
    "ingest.index",
    "ingest.domain",
    "ingest.errors",
    "ingest.settings",
    "ingest.embed",
)

ONLY_IMPORTED_BY = {
    "chromadb": ("ingest/index/vectors.py", "ingest/index/chroma_"),
    "tantivy": ("ingest/index/lexical.py",),
    "openai": ("service/writers/openai_chat.py", "ingest/embed/openai_endpoint.py"),
    "fastapi": ("service/api/",),
    "fsspec": ("ingest/index/storage.py",),
    "opentelemetry": ("service/tracing.py",),
    "psycopg": ("service/feedback/connecting.py",),
    "sqlalchemy": tuple(
        f"service/feedback/{name}.py" for name in ("clearing", "connecting", "postgres", "tables")
    ),
    "limits": ("service/api/limits.py",),
    "prometheus_client": ("service/api/metrics.py",),
    "pyarrow": ("ingest/cluster/",),
    "ray": ("ingest/cluster/",),
    "purgatory": ("service/writers/breaker.py",),
}

READS_THE_ENVIRONMENT = ("dateline.py", "ingest/settings.py", "service/settings.py")
ENVIRONMENT = ("os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv")

SLOW_TO_IMPORT = (
    "chromadb",
    "fastapi",
    "llama_index",
    "onnxruntime",
    "openai",
    "openvino",
    "ray",
    "sqlalchemy",
)


def sources(*packages: str) -> list[Path]:
    """Return the packages' Python files; all of the program's when none is named."""
    files = [file for package in packages or PACKAGES for file in (ROOT / package).rglob("*.py")]
    return files if packages else [*files, ROOT / "dateline.py"]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def origin(node: ast.ImportFrom, path: Path) -> str:
    """Return the module that names are imported from, its dots resolved."""
    parents = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
    return ".".join([*parents, *([node.module] if node.module else [])])


def imports_of(node: ast.AST, path: Path) -> list[str]:
    """Return the dotted names that one node imports, by statement or by `import_module`."""
    match node:
        case ast.Import(names=names):
            return [name.name for name in names]
        case ast.ImportFrom(names=names):
            return [f"{origin(node, path)}.{name.name}" for name in names]
        case ast.Call(func=called, args=[ast.Constant(value=str(name)), *_]):
            return [name] if ast.unparse(called).endswith("import_module") else []
    return []


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        yield from imports_of(node, path)


def names(path: Path) -> set[str]:
    """Return the dotted names a file imports or spells out, `os.environ` among them."""
    tree = ast.parse(path.read_text("utf-8"))
    spelled = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return spelled | set(imports(path))


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_has_sources_to_look_at(package: str) -> None:
    assert sources(package)


@pytest.mark.parametrize("package", MAY_NOT_IMPORT)
def test_a_package_imports_nothing_that_stands_above_it(package: str) -> None:
    forbidden = MAY_NOT_IMPORT[package]

    offenders = [
        f"{relative(file)} imports {name}"
        for file in sources(package)
        for name in imports(file)
        if within(name, forbidden)
    ]

    assert offenders == []


def test_service_sees_of_ingest_only_the_index_and_its_words() -> None:
    offenders = [
        f"{relative(file)} imports {name}"
        for file in sources("service")
        for name in imports(file)
        if within(name, ("ingest",)) and not within(name, WHAT_SERVICE_SEES_OF_INGEST)
    ]

    assert offenders == []


@pytest.mark.parametrize("library", ONLY_IMPORTED_BY)
def test_a_library_is_imported_at_its_seam_alone(library: str) -> None:
    importers = [
        relative(file)
        for file in sources()
        if any(within(name, (library,)) for name in imports(file))
    ]

    assert importers
    assert [file for file in importers if not file.startswith(ONLY_IMPORTED_BY[library])] == []


def test_the_global_settings_of_llama_index_are_never_touched() -> None:
    offenders = [
        relative(file)
        for file in sources()
        if any(
            within(n, ("llama_index.core.Settings", "llama_index.core.settings"))
            for n in names(file)
        )
    ]

    assert offenders == []


def test_only_the_settings_read_the_environment() -> None:
    readers = [relative(f) for f in sources() if any(within(n, ENVIRONMENT) for n in names(f))]

    assert [file for file in readers if file not in READS_THE_ENVIRONMENT] == []


@pytest.mark.parametrize("module", ["dateline", "ingest.domain", "ingest.cli", "service.cli"])
def test_a_module_that_every_command_imports_loads_no_slow_library(module: str) -> None:
    program = f"import sys, {module}; print(*sorted({{*sys.modules}} & {{*{SLOW_TO_IMPORT!r}}}))"

    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (result.returncode, result.stdout.strip()) == (0, ""), result.stderr
