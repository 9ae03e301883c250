"""MiniLM as an ONNX graph, built from its weights with onnxruntime's fused operators.

Every graph takes `ids` and `mask`, int32 [batch, tokens]; what else goes in, and what comes out,
its head says: see `Vectors` and `Spans`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.embed.weights import ModelFiles

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto

_FUSED = "com.microsoft"
_OPSET = 17
_IR_VERSION = 8

Tensor = Callable[[str], NDArray[np.float32]]
Constant = NDArray[np.generic] | np.generic


def build_float32(model: ModelFiles) -> ModelProto:
    """Return the graph that gives vectors, in float32.

    Raises:
        SettingsError: The weights are not the expected ones.
    """
    from safetensors import safe_open

    with safe_open(str(model.verified_weights), "numpy") as weights:
        return Builder(Weights(weights.get_tensor, read_sizes(model)), Vectors()).build()


@dataclass(frozen=True)
class Sizes:
    """How large a model is.

    Attributes:
        layers: How many there are.
        width: Numbers a token.
        heads: Of attention, in each layer.
    """

    layers: int
    width: int
    heads: int


@dataclass(frozen=True)
class Weights:
    """What a graph is built of: each tensor by the name that BERT models give it."""

    tensor: Tensor
    sizes: Sizes


def read_sizes(model: ModelFiles) -> Sizes:
    """Return how large a model is, from its config.json."""
    config = json.loads(model.config.read_text(encoding="utf-8"))
    return Sizes(config["num_hidden_layers"], config["hidden_size"], config["num_attention_heads"])


class Head(Protocol):
    """What a graph gives, and what it takes for that besides `ids` and `mask`."""

    @property
    def typed(self) -> bool:
        """Whether tokens are of two types, 0 and 1, which the input `types` tells."""
        ...

    def add(self, builder: Builder, hidden: str) -> tuple[ValueInfoProto, ...]:
        """Add the nodes that make the output of `hidden`, and return its further inputs.

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

    Input `pool`, float32 [batch, vectors, tokens], says with 1 and 0 which tokens each vector sums
    up. Output `vectors`, float32 [batch, vectors, width], not yet of unit length. A sum and a mean
    point the same way, and 0 and 1, unlike 1/n, are exact in bfloat16.

    Reading several vectors out of one pass, each pooled over the tokens of one sentence, is "late"
    pooling: https://arxiv.org/abs/2409.04701, section 3.
    """

    typed = False

    def add(self, builder: Builder, hidden: str) -> tuple[ValueInfoProto, ...]:
        """See Head.add."""
        builder.node("MatMul", ["pool", hidden], "vectors", domain="")
        return (_floats("pool", ["batch", "vectors", "tokens"]),)

    def output(self, width: int) -> ValueInfoProto:
        """See Head.output."""
        return _floats("vectors", ["batch", "vectors", width])


class Spans:
    """How likely an answer starts and ends at each token: https://arxiv.org/abs/1810.04805, 4.2.

    Input `types`, int32 [batch, tokens]: 1 for what is read, 0 for the question. Output `logits`,
    float32 [batch, tokens, 2], for start and end; of [CLS] for "there is none" (section 4.3).
    """

    typed = True

    def add(self, builder: Builder, hidden: str) -> tuple[ValueInfoProto, ...]:
        """See Head.add."""
        weight = builder.constant("spans.weight", builder.tensor("qa_outputs.weight").T)
        product = builder.node("MatMul", [hidden, weight], "spans.product", domain="")
        bias = builder.constant_of("qa_outputs.bias")
        builder.node("Add", [product, bias], "logits", domain="")
        return ()

    def output(self, width: int) -> ValueInfoProto:  # noqa: ARG002
        """See Head.output."""
        return _floats("logits", ["batch", "tokens", 2])


def _floats(name: str, shape: list[str | int]) -> ValueInfoProto:
    from onnx import TensorProto, helper

    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


class Builder:
    """Collects the nodes and constants of one graph."""

    def __init__(self, weights: Weights, head: Head) -> None:
        self.tensor = weights.tensor
        self._sizes = weights.sizes
        self._head = head
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def build(self) -> ModelProto:
        """Return the checked graph."""
        from onnx import TensorProto, checker, helper

        x = self._embeddings()
        for layer in range(self._sizes.layers):
            x = self._layer(f"encoder.layer.{layer}.", x)
        further = self._head.add(self, x)
        names = ("ids", "mask", *(("types",) if self._head.typed else ()))
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "tokens"])
            for name in names
        ]
        outputs = [self._head.output(self._sizes.width)]
        # Shape inference does not know the fused operators, and quantisation asks for this type.
        hidden = _floats(x, ["batch", "tokens", self._sizes.width])
        graph = helper.make_graph(
            self._nodes,
            "minilm",
            [*inputs, *further],
            outputs,
            self._constants,
            value_info=[hidden],
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
        checker.check_model(model)
        return model

    def _embeddings(self) -> str:
        words = self.constant("words", self.tensor("embeddings.word_embeddings.weight"))
        kinds = self.tensor("embeddings.token_type_embeddings.weight")
        places = self.tensor("embeddings.position_embeddings.weight")
        types = kind_names = ""
        if self._head.typed:
            types, kind_names = "types", self.constant("kinds", kinds)
        else:
            # Every token is of type 0, so its vector can be added to all positions beforehand.
            places = places + kinds[0]
        norm = self._weight_and_bias("embeddings.LayerNorm.")
        at = self.constant("places", places)
        inputs = ["ids", types, words, at, kind_names, *norm, "mask"]
        outputs = ["embedded", "embedded.mask_index"]
        return self.node("EmbedLayerNormalization", inputs, *outputs, epsilon=1e-12)

    def _layer(self, name: str, x: str) -> str:
        attended = self._attention(name + "attention.", x)
        wide = self._dense(name + "intermediate.dense.", attended)
        bias = self.constant_of(name + "intermediate.dense.bias")
        active = self.node("BiasGelu", [wide, bias], name + "gelu")
        narrow = self._dense(name + "output.dense.", active)
        return self._add_and_norm(name + "output.", narrow, attended)

    def _attention(self, name: str, x: str) -> str:
        parts = [f"{name}self.{part}." for part in ("query", "key", "value")]
        weights = np.concatenate([self.tensor(part + "weight").T for part in parts], axis=1)
        bias = np.concatenate([self.tensor(part + "bias") for part in parts])
        mixed = self._mixed(name, x, weights, bias)
        return self._add_and_norm(name + "output.", self._dense(name + "output.dense.", mixed), x)

    def _mixed(
        self, name: str, x: str, weights: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> str:
        """Add attention without its last dense layer; `weights` are query, key and value."""
        constants = [self.constant(name + "qkv", weights), self.constant(name + "qkv.bias", bias)]
        inputs = [x, *constants, "mask"]
        return self.node("Attention", inputs, name + "mixed", num_heads=self._sizes.heads)

    def _dense(self, name: str, x: str) -> str:
        weight = self.constant(name + "weight", self.tensor(name + "weight").T)
        return self.node("MatMul", [x, weight], name + "product", domain="")

    def _add_and_norm(self, name: str, x: str, skip: str) -> str:
        inputs = [x, skip, *self._weight_and_bias(name + "LayerNorm.")]
        inputs.append(self.constant_of(name + "dense.bias"))
        return self.node("SkipLayerNormalization", inputs, name + "normed", epsilon=1e-12)

    def _weight_and_bias(self, name: str) -> list[str]:
        return [self.constant_of(name + "weight"), self.constant_of(name + "bias")]

    def constant_of(self, name: str) -> str:
        """Add a tensor of the model as a constant of its name; return that."""
        return self.constant(name, self.tensor(name))

    def constant(self, name: str, value: Constant) -> str:
        """Add a constant; return its name."""
        from onnx import numpy_helper

        self._constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def node(
        self,
        kind: str,
        inputs: list[str],
        *outputs: str,
        domain: str = _FUSED,
        **attributes: float | list[int],
    ) -> str:
        """Add a node; return the name of its first output."""
        from onnx import helper

        node = helper.make_node(kind, inputs, outputs, name=outputs[0], domain=domain)
        node.attribute.extend(helper.make_attribute(*pair) for pair in attributes.items())
        self._nodes.append(node)
        return outputs[0]
