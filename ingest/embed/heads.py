"""What a graph of graph.py takes, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnx import ValueInfoProto

    from ingest.embed.graph import Builder

Inputs = Mapping[str, NDArray[np.int32] | NDArray[np.float32]]
"""By the inputs' names."""

WORDS = "embeddings.word_embeddings.weight"
PLACES = "embeddings.position_embeddings.weight"
KINDS = "embeddings.token_type_embeddings.weight"
NORM = "embeddings.LayerNorm."
EPSILON = 1e-12


class Head(Protocol):
    """What a graph takes besides `mask`, and what it gives."""

    def inputs(self, width: int) -> list[ValueInfoProto]:
        """Return names and shapes of the inputs besides `mask`."""
        ...

    def embedded(self, builder: Builder) -> str:
        """Add the nodes that make the first layer's input, float32 [batch, tokens, width]."""
        ...

    def read_out(self, builder: Builder, hidden: str) -> None:
        """Add the nodes that make the output.

        Args:
            builder: Takes the nodes.
            hidden: The last layer's tensor, float32 [batch, tokens, width].
        """
        ...

    def output(self, width: int) -> ValueInfoProto:
        """Return name and shape of the output."""
        ...


class Vectors:
    """Sums of the tokens' vectors.

    Input `ids`, int32 [batch, tokens]: word pieces. Input `pool`, float32 [batch, vectors, tokens],
    says with 1 and 0 which tokens each vector sums up. Output `vectors`, float32
    [batch, vectors, width], not yet of unit length. A sum and a mean point the same way, and 0 and
    1, unlike 1/n, are exact in bfloat16.

    Reading several vectors out of one pass, each pooled over the tokens of one sentence, is "late"
    pooling: https://arxiv.org/abs/2409.04701, section 3.
    """

    def inputs(self, width: int) -> list[ValueInfoProto]:  # noqa: ARG002
        """See Head.inputs."""
        return [integers("ids"), floats("pool", ["batch", "vectors", "tokens"])]

    def embedded(self, builder: Builder) -> str:
        """See Head.embedded."""
        words = builder.constant("words", builder.tensor(WORDS))
        # Every token is of type 0, so its vector can be added to all positions beforehand.
        at = builder.constant("places", builder.tensor(PLACES) + builder.tensor(KINDS)[0])
        norm = builder.weight_and_bias(NORM)
        inputs = ["ids", "", words, at, "", *norm, "mask"]
        outputs = ["embedded", "embedded.mask_index"]
        return builder.node("EmbedLayerNormalization", inputs, *outputs, epsilon=EPSILON)

    def read_out(self, builder: Builder, hidden: str) -> None:
        """See Head.read_out."""
        builder.node("MatMul", ["pool", hidden], "vectors", domain="")

    def output(self, width: int) -> ValueInfoProto:
        """See Head.output."""
        return floats("vectors", ["batch", "vectors", width])


class Spans:
    """How likely an answer starts and ends at each token: https://arxiv.org/abs/1810.04805, 4.2.

    Input `words`, float32 [batch, tokens, width]: each word piece's vector, which WordVectors looks
    up, since the embedder's graph holds the 47 MB of them already. Input `types`, int32
    [batch, tokens]: 1 for what is read, 0 for the question. Output `logits`, float32
    [batch, tokens, 2], for start and end; of [CLS] for "there is none" (section 4.3).
    """

    def inputs(self, width: int) -> list[ValueInfoProto]:
        """See Head.inputs."""
        return [floats("words", ["batch", "tokens", width]), integers("types")]

    def embedded(self, builder: Builder) -> str:
        """See Head.embedded."""
        kinds = builder.constant("kinds", builder.tensor(KINDS))
        places = builder.constant("places", builder.tensor(PLACES))
        ends = [builder.constant(f"places.{n}", np.array([n])) for n in (0, 1, 2)]
        shape = builder.node("Shape", ["types"], "types.shape", domain="")
        tokens = builder.node("Slice", [shape, *ends[1:]], "tokens", domain="")
        place = builder.node("Slice", [places, ends[0], tokens], "place", domain="")
        kind = builder.node("Gather", [kinds, "types"], "kind", domain="")
        placed = builder.node("Add", ["words", place], "placed", domain="")
        summed = builder.node("Add", [placed, kind], "summed", domain="")
        norm = builder.weight_and_bias(NORM)
        inputs = [summed, *norm]
        return builder.node(
            "LayerNormalization", inputs, "embedded", domain="", epsilon=EPSILON, axis=-1
        )

    def read_out(self, builder: Builder, hidden: str) -> None:
        """See Head.read_out."""
        weight = builder.constant("spans.weight", builder.tensor("qa_outputs.weight").T)
        product = builder.node("MatMul", [hidden, weight], "spans.product", domain="")
        bias = builder.constant_of("qa_outputs.bias")
        builder.node("Add", [product, bias], "logits", domain="")

    def output(self, width: int) -> ValueInfoProto:  # noqa: ARG002
        """See Head.output."""
        return floats("logits", ["batch", "tokens", 2])


def floats(name: str, shape: list[str | int]) -> ValueInfoProto:
    """Return name and shape of a float32 tensor."""
    from onnx import TensorProto, helper

    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def integers(name: str) -> ValueInfoProto:
    """Return name and shape of an int32 tensor, one number a token."""
    from onnx import TensorProto, helper

    return helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "tokens"])
