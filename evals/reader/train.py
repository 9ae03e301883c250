"""Trains the reader from the bundled weights, and writes its adapter.

Everything is drawn from one seed: the same command on the same machine, with as many threads,
writes the same losses. MODEL_CARD.md in service/reader has the command of the bundled adapter.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from evals.reader.adapter import adapter_of, save
from evals.reader.alterations import altered
from evals.reader.attention import NAME, register
from evals.reader.encoding import Batch, Encoder, Example, batches, collated
from evals.reader.negatives import near_misses
from evals.reader.questions import Asked, read_squad1, read_squad2
from evals.reader.vectors import Vectors
from ingest.embed.weights import find_model
from ingest.embed.wordpieces import WordPieces

BATCH_TOKENS = 6144
LEARNING_RATE = 1.5e-4
SHORT_RATE = 6e-5
WARM_UP = 0.06
WEIGHT_DECAY = 0.01
MISSES = 0.4
"""So many of the answerable questions come once more with a text that does not answer them; half so
many where others of the set are unanswerable anyway."""
RANK = 128
SHOWN_EVERY = 25
_HIDDEN = -1e4


@dataclass(frozen=True)
class Part:
    """Questions of an epoch.

    Attributes:
        misses: So many of the answerable ones come once more with a text that does not answer.
    """

    asked: Sequence[Asked]
    misses: float = 0.0


Epoch = Sequence[Part]


@dataclass(frozen=True)
class Course:
    """Epochs with one course of the learning rate.

    Attributes:
        epochs: Batches of each.
        rate: The highest learning rate.
    """

    epochs: Sequence[Sequence[Sequence[Example]]]
    rate: float

    @property
    def steps(self) -> int:
        """How many batches there are."""
        return sum(map(len, self.epochs))


def main() -> None:
    """Read the command line, train, and write the adapter."""
    given = _arguments()
    draw = random.Random(given.seed)
    torch.manual_seed(given.seed)
    torch.set_num_threads(given.threads)
    reader = _model()
    encoder = Encoder(WordPieces(find_model(None).tokenizer))
    losses: list[float] = []
    courses = _courses(given, encoder, draw)
    total = sum(course.steps for course in courses)
    for loss in (loss for course in courses for loss in train(reader, course)):
        losses.append(loss)
        if len(losses) % SHOWN_EVERY == 0 or len(losses) == total:
            mean = np.mean(losses[-SHOWN_EVERY:])
            sys.stdout.write(f"step {len(losses)}/{total} loss {mean:.4f}\n")
            sys.stdout.flush()
    if given.out:
        _save(reader, given.out, given.rank)


def _save(reader: nn.Module, path: Path, rank: int) -> None:
    trained = {
        name.removeprefix("bert."): value.detach().float().numpy()
        for name, value in reader.state_dict().items()
    }
    save(adapter_of(trained, find_model(None), rank), path)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--squad2", type=Path, required=True, help="SQuAD 2.0, JSON Lines")
    parser.add_argument("--like", type=Path, help="SQuAD 1.1 form, encyclopaedic like SQuAD 2.0")
    parser.add_argument("--other", type=Path, nargs="*", default=[], help="SQuAD 1.1 form, other")
    parser.add_argument("--out", type=Path, help="where the adapter is written")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rank", type=int, default=RANK)
    parser.add_argument("--short", type=int, help="train one epoch of so many questions")
    return parser.parse_args()


def _courses(given: argparse.Namespace, encoder: Encoder, draw: random.Random) -> list[Course]:
    """Return what is trained on: the long course, then a short one with altered questions."""
    own = read_squad2(given.squad2).training
    if given.short:
        few = draw.sample(own, min(given.short, len(own)))
        return [Course([_batches(few, encoder, draw)], LEARNING_RATE)]
    like = read_squad1(given.like) if given.like else []
    other = [read_squad1(path) for path in given.other]
    misses: dict[str, list[str]] = {}
    embed = Vectors(encoder)
    for asked in (own, like, *other):
        misses |= near_misses(asked, embed) if asked else {}
    plan = _plan(own, like, [asked for one in other for asked in one])
    examples: list[list[Example]] = []
    for epoch in plan:
        chosen = list(_with_misses(epoch, misses, draw))
        examples.append([encoder.example(one, draw) for one in chosen])
    long = Course([batches(epoch, BATCH_TOKENS, draw) for epoch in examples], LEARNING_RATE)
    whole = [*own, *like]
    with_altered = [*whole, *altered(whole, draw)]
    return [long, Course([_batches(with_altered, encoder, draw)], SHORT_RATE)]


def _batches(asked: Sequence[Asked], encoder: Encoder, draw: random.Random) -> list[list[Example]]:
    return batches([encoder.example(one, draw) for one in asked], BATCH_TOKENS, draw)


def _plan(own: Sequence[Asked], like: Sequence[Asked], other: Sequence[Asked]) -> list[Epoch]:
    """Return everything once, then what is like SQuAD 2.0 twice, then that alone twice."""
    near = [Part(like, MISSES), Part(own)]
    return [
        [Part([*like, *other], MISSES), Part(own)],
        near,
        near,
        [Part(own, MISSES / 2)],
        [Part(own, MISSES / 2)],
    ]


def _with_misses(
    epoch: Epoch, misses: Mapping[str, Sequence[str]], draw: random.Random
) -> Iterator[Asked]:
    for part in epoch:
        for one in part.asked:
            yield one
            near = misses.get(one.id) if part.misses and one.spans else None
            if near and draw.random() < part.misses:
                yield replace(one, text=draw.choice(near), spans=())


def _model() -> nn.Module:
    from transformers import BertForQuestionAnswering

    register()
    model: nn.Module = BertForQuestionAnswering.from_pretrained(
        find_model(None).folder,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        attn_implementation=NAME,
    )
    model.get_input_embeddings().weight.requires_grad_(False)
    return model


def train(model: nn.Module, course: Course) -> Iterator[float]:
    """Train, and yield the loss of each step.

    The learning rate rises over the first steps and falls to nothing over the rest.
    """
    total = course.steps
    warm = int(WARM_UP * total)
    optimizer = torch.optim.AdamW(_groups(model), lr=course.rate, foreach=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min(step / max(1, warm), max(0.0, (total - step) / (total - warm))),
    )
    model.train()
    for batch in (batch for epoch in course.epochs for batch in epoch):
        loss = _loss(model, collated(batch))
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        yield loss.item()


def _groups(model: nn.Module) -> list[dict[str, object]]:
    trained = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim > 1], "weight_decay": WEIGHT_DECAY},
        {"params": [p for p in trained if p.ndim == 1], "weight_decay": 0.0},
    ]


def _loss(model: nn.Module, batch: Batch) -> torch.Tensor:
    """Return the cross entropy against what the annotators said, averaged over start and end."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = model.bert(batch.ids, attention_mask=batch.mask, token_type_ids=batch.types)[0]
    logits = model.qa_outputs(hidden.float())
    allowed = (batch.types == 1) & (batch.mask == 1)
    allowed[:, 0] = True
    logits = logits.masked_fill(~allowed.unsqueeze(-1), _HIDDEN)
    starts, ends = logits[..., 0].log_softmax(1), logits[..., 1].log_softmax(1)
    both = (batch.starts * starts).sum(1) + (batch.ends * ends).sum(1)
    return -both.mean() / 2


if __name__ == "__main__":
    main()
