"""The training script, where torch is installed: no test environment of ours has it."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from safetensors.numpy import load_file

pytestmark = pytest.mark.skipif(
    find_spec("torch") is None or find_spec("transformers") is None,
    reason="training needs torch and transformers",
)
ROOT = Path(__file__).resolve().parents[2]


def written(folder: Path) -> Path:
    """Write questions of our own on sixteen ships."""
    lines = []
    for n in range(160):
        text = f"The ferry Alma {n % 16} was built in Turku. She sank in {1900 + n} off Hanko."
        answer = str(1900 + n)
        line = {
            "id": str(n),
            "title": f"Alma {n % 16}",
            "context": text,
            "question": "When did she sink?",
            "answers": [answer] if n % 3 else [],
            "answer_starts": [text.index(answer)] if n % 3 else [],
            "is_impossible": not n % 3,
        }
        lines.append(json.dumps(line))
    path = folder / "ships.jsonl"
    path.write_text("\n".join(lines))
    return path


def trained(questions: Path, out: Path) -> str:
    command = [sys.executable, "-m", "evals.reader.train", "--squad2", str(questions)]
    command += ["--short", "80", "--out", str(out), "--seed", "3"]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=100
    ).stdout


def test_the_same_seed_gives_the_same_losses_and_weights(tmp_path: Path) -> None:
    questions = written(tmp_path)
    one, other = tmp_path / "one.safetensors", tmp_path / "other.safetensors"

    losses = trained(questions, one)

    assert losses == trained(questions, other)
    assert "loss" in losses
    assert {name: value.tobytes() for name, value in load_file(one).items()} == {
        name: value.tobytes() for name, value in load_file(other).items()
    }


GRADIENTS = """
import torch
from torch.nn.functional import scaled_dot_product_attention
from evals.reader.attention import attend
torch.manual_seed(1)
given = [torch.randn(2, 3, 5, 4, requires_grad=True) for _ in range(3)]
mask = torch.tensor([[True] * 5, [True] * 3 + [False] * 2])[:, None, None, :].expand(2, 1, 5, 5)
plain = scaled_dot_product_attention(*given, attn_mask=mask).transpose(1, 2)
ours, _ = attend(None, *given, mask)
assert torch.allclose(plain, ours, atol=1e-5)
weights = torch.randn_like(plain)
for one, other in zip(*(torch.autograd.grad((x * weights).sum(), given) for x in (plain, ours))):
    assert torch.allclose(one, other, atol=1e-4), (one - other).abs().max()
print("same")
"""


def test_the_backward_pass_of_attention_is_torch_s_own() -> None:
    done = subprocess.run(
        [sys.executable, "-c", GRADIENTS], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert done.stdout == "same\n", done.stderr
